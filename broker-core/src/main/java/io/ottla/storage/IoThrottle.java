package io.ottla.storage;

import io.ottla.time.Clock;

/** Spreads the bytes that work behind the scenes moves over time, so that they stay below so many a second. Thread-safe. */
final class IoThrottle {
    private static final double NS_PER_SECOND = 1e9;
    private static final double MS_PER_SECOND = 1e3;

    private final Clock clock;
    private long lookedAtNs;
    /** Moved, and not yet made up for by time that has passed. */
    private double bytesOwed;

    IoThrottle(Clock clock) {
        this.clock = clock;
        this.lookedAtNs = clock.monotonicNs();
    }

    /** Takes note of bytes that were moved. */
    synchronized void moved(long bytes) {
        bytesOwed += bytes;
    }

    /** How many milliseconds to wait before any more are moved. */
    synchronized long waitMs(double bytesPerSecond) {
        double rate = Math.max(1, bytesPerSecond);
        long now = clock.monotonicNs();
        bytesOwed = Math.max(0, bytesOwed - (now - lookedAtNs) / NS_PER_SECOND * rate);
        lookedAtNs = now;
        return (long) Math.min(Long.MAX_VALUE, bytesOwed / rate * MS_PER_SECOND);
    }
}
