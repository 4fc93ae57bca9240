package io.ottla.metrics;

import java.util.concurrent.atomic.LongAdder;

/** A number that only grows. Thread-safe; adding neither locks nor allocates. */
public final class Counter {
    private final LongAdder sum = new LongAdder();

    Counter() {}

    public void increment() {
        sum.increment();
    }

    /** @param amount 0 or more */
    public void add(long amount) {
        sum.add(amount);
    }

    public long value() {
        return sum.sum();
    }
}
