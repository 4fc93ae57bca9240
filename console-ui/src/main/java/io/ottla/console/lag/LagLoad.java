package io.ottla.console.lag;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What collecting costs, for the process's meters: counts since the start, and sizes as of the last sample. Thread-safe. */
public final class LagLoad {
    private final LongAdder calls = new LongAdder();
    private final LongAdder samples = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final AtomicInteger groups = new AtomicInteger();
    private final AtomicInteger partitions = new AtomicInteger();

    /** A batched question to the cluster. */
    void called() {
        calls.increment();
    }

    void sampled(int groupCount, int partitionCount, long tookNanos) {
        samples.increment();
        nanos.add(tookNanos);
        groups.set(groupCount);
        partitions.set(partitionCount);
    }

    void failed(long tookNanos) {
        failures.increment();
        nanos.add(tookNanos);
    }

    void wrote(long count) {
        bytes.add(count);
    }

    /** This console collects no more. */
    void idle() {
        groups.set(0);
        partitions.set(0);
    }

    public long calls() {
        return calls.sum();
    }

    public long samples() {
        return samples.sum();
    }

    public long failures() {
        return failures.sum();
    }

    public double seconds() {
        return nanos.sum() / 1e9;
    }

    /** Bytes of samples before compression. */
    public long bytes() {
        return bytes.sum();
    }

    public int groups() {
        return groups.get();
    }

    public int partitions() {
        return partitions.get();
    }
}
