package io.ottla.storage;

import io.ottla.time.Clock;

/**
 * Whether a folder's appends are fast enough for an event loop. Two of a thread that take longer than 10 ms within a second make
 * it slow, unless the thread spent half of the second one's time, or more, waiting for a processor: on a machine that has too
 * few of these another thread would not be faster. A second without any that the disk keeps for more than 5 ms makes it
 * calm again. Thread-safe; a race between two appends may cost one judgement, never more.
 */
final class AppendTempo {
    private static final long SLOW_NS = 10_000_000;
    private static final long CALM_NS = 5_000_000;
    private static final long CALM_AFTER_NS = 1_000_000_000;

    /** A long append of a thread: when it ended, and how long the thread had waited for processors in its life by then. */
    private record LongAppend(long endedNs, long processorWaitNs) {}

    private final Clock clock;

    @SuppressWarnings("ThreadLocalUsage") // each folder has its own, for as long as the process lives
    private final ThreadLocal<LongAppend> last = new ThreadLocal<>();

    private volatile boolean calm = true;
    private volatile long lastSlowNs;

    AppendTempo(Clock clock) {
        this.clock = clock;
    }

    boolean isCalm() {
        return calm;
    }

    /** Notes an append of this thread by when it began and ended on the monotonic clock. */
    void note(long beganNs, long endedNs) {
        long took = endedNs - beganNs;
        if (took > (calm ? SLOW_NS : CALM_NS)) {
            judge(took, endedNs);
        } else if (!calm && endedNs - lastSlowNs >= CALM_AFTER_NS) {
            calm = true;
        }
    }

    private void judge(long took, long endedNs) {
        LongAppend before = last.get();
        LongAppend now = new LongAppend(endedNs, clock.processorWaitNs());
        last.set(now);
        boolean comparable = before != null && endedNs - before.endedNs < CALM_AFTER_NS;
        if (comparable && 2 * (now.processorWaitNs - before.processorWaitNs) >= took) {
            return;
        }
        if (comparable && took > SLOW_NS) {
            calm = false;
        }
        lastSlowNs = endedNs;
    }
}
