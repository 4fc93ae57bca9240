package io.ottla.storage;

import io.ottla.types.Failure;

/** How an append went. */
public sealed interface AppendResult {
    /**
     * The records are in the log.
     *
     * @param firstOffset of the first record
     * @param lastOffset of the last
     * @param logAppendTime milliseconds where the topic stamps them, else -1
     * @param bytes written
     */
    record Appended(long firstOffset, long lastOffset, long logAppendTime, int bytes) implements AppendResult {}

    /**
     * The same batch of the same producer is in the log already (KIP-98).
     *
     * @param firstOffset of its first record; -1 where it is only known that it lies before {@code lastOffset}
     * @param lastOffset of its last record, or of a later one of that producer
     */
    record Duplicate(long firstOffset, long lastOffset, long logAppendTime) implements AppendResult {}

    /** Nothing was written. */
    record Refused(Failure failure) implements AppendResult {}
}
