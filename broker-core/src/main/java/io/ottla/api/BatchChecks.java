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
     * Checks the records of one partition of a Produce request. May decompress and compress: what is compressed and
     * larger than 64 KiB is not checked on an event loop.
     *
     * @param apiVersion the Produce request's
     * @param records stamped in place later; the position stays
     * @param nowMs the broker's wall clock
     */
    Outcome check(ByteBuffer records, short apiVersion, TopicProperties properties, long nowMs);
}
