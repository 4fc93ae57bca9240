package io.ottla.replication;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.protocol.Errors;

/** Remembers how it ended, and how often. */
final class TestingWaiter extends AckWaiter {
    final AtomicInteger ends = new AtomicInteger();
    volatile Errors how;
    final long wanted;
    volatile long highWatermarkAtEnd = -1;
    private final Partition partition;

    TestingWaiter(Partition partition, long wanted) {
        this.partition = partition;
        this.wanted = wanted;
    }

    @Override
    protected void ended(Errors result) {
        how = result;
        highWatermarkAtEnd = partition.highWatermark();
        ends.incrementAndGet();
    }
}
