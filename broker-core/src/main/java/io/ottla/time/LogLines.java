package io.ottla.time;

import io.ottla.types.Amount;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Log lines that others can cause at will: so many a second and no more. The next one that is written says how many were
 * left out before it. Thread-safe.
 */
public final class LogLines {
    private static final long SECOND_NS = 1_000_000_000L;

    private final Clock clock;
    private final Allowance allowance;
    private final AtomicLong leftOut = new AtomicLong();
    private volatile long leftOutSinceNs;

    /** @param perSecond 1 or more */
    public LogLines(Clock clock, int perSecond) {
        this.clock = clock;
        this.allowance = new Allowance(clock, perSecond);
    }

    /**
     * Has a line written, or counts it.
     *
     * @param line writes it, with what it is given at its end: empty, or how many like it were left out
     */
    public void write(Consumer<String> line) {
        if (allowance.tryTake()) {
            long count = leftOut.getAndSet(0);
            line.accept(count == 0 ? "" : omission(count));
        } else if (leftOut.getAndIncrement() == 0) {
            leftOutSinceNs = clock.monotonicNs();
        }
    }

    private String omission(long count) {
        long seconds = (clock.monotonicNs() - leftOutSinceNs + SECOND_NS - 1) / SECOND_NS;
        return " (" + count + " more like this in the last " + Amount.of(Math.max(1, seconds), "second") + ")";
    }
}
