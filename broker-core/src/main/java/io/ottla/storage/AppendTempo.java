package io.ottla.storage;

/**
 * Whether a folder's appends are fast enough for an event loop. Two that take longer than 10 ms within a second make it
 * slow: one alone is more often a thread that had to wait for a processor than a disk. A second without any that takes
 * more than 5 ms makes it calm again. Thread-safe; a race between two appends may cost one judgement, never more.
 */
final class AppendTempo {
    private static final long SLOW_NS = 10_000_000;
    private static final long CALM_NS = 5_000_000;
    private static final long CALM_AFTER_NS = 1_000_000_000;

    private volatile boolean calm = true;
    /** Whether {@code lastSlowNs} tells of anything. */
    private volatile boolean warned;

    private volatile long lastSlowNs;

    boolean isCalm() {
        return calm;
    }

    /** Notes an append by when it began and ended on the monotonic clock. */
    void note(long beganNs, long endedNs) {
        long took = endedNs - beganNs;
        if (took > SLOW_NS) {
            if (warned && endedNs - lastSlowNs < CALM_AFTER_NS) {
                calm = false;
            }
            warned = true;
            lastSlowNs = endedNs;
        } else if (!calm) {
            if (took > CALM_NS) {
                lastSlowNs = endedNs;
            } else if (endedNs - lastSlowNs >= CALM_AFTER_NS) {
                calm = true;
            }
        }
    }
}
