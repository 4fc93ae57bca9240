package io.ottla.time;

/** The only source of time. Thread-safe. */
public interface Clock {
    /** Milliseconds since 1970; may jump. For timestamps that people and clients see. */
    long wallMs();

    /** Nanoseconds from an arbitrary origin; never goes back. For deadlines and durations. */
    long monotonicNs();

    /** {@link #monotonicNs()} in milliseconds. */
    default long monotonicMs() {
        return monotonicNs() / 1_000_000;
    }

    static Clock system() {
        return SystemClock.INSTANCE;
    }
}
