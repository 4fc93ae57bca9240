package io.ottla.api;

import io.ottla.config.TopicProperties;
import io.ottla.record.CheckedBatches;
import io.ottla.types.Failure;
import java.nio.ByteBuffer;
import java.util.List;

/** Checks what a producer brings, before any lock is taken, and brings it into the form that its topic keeps. */
public interface BatchChecks {
    /** How a check went. */
    sealed interface Outcome {
        record Passed(CheckedBatches batches) implements Outcome {}

        /** @param records those at fault, where it is single records; else empty */
        record Failed(Failure failure, List<RecordFault> records) implements Outcome {}
    }

    /** A record at fault, by its place in the batch. */
    record RecordFault(int index, String message) {}

    /**
     * Whether {@link #check} of these records is work for a pool and not for an event loop: much to decompress, or
     * anything to compress. Looks at headers alone.
     *
     * @param records null counts as none
     */
    boolean mustLeaveLoop(ByteBuffer records, TopicProperties properties);

    /**
     * Checks the records of one partition of a Produce request.
     *
     * @param apiVersion the Produce request's
     * @param records stamped in place later; the position stays
     * @param nowMs the broker's wall clock
     */
    Outcome check(ByteBuffer records, short apiVersion, TopicProperties properties, long nowMs);
}
