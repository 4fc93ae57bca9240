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

    /**
     * Nanoseconds for which the calling thread, while it lived, could have run and got no processor. To be asked where
     * something took strangely long, not as a matter of course: the system may have to be asked for it. Does not wait.
     *
     * @return 0 for ever where that can't be known
     */
    default long processorWaitNs() {
        return 0;
    }

    static Clock system() {
        return SystemClock.INSTANCE;
    }
}
