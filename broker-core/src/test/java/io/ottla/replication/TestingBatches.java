package io.ottla.replication;

import io.ottla.record.CheckedBatches;
import java.nio.ByteBuffer;

/** Batches that passed all checks, as far as a test is concerned. */
public record TestingBatches(ByteBuffer buffer, int recordCount, long maxTimestamp) implements CheckedBatches {
    /** So many records of ten bytes each. */
    public static TestingBatches of(int records) {
        return new TestingBatches(ByteBuffer.allocate(records * 10), records, 1000);
    }
}
