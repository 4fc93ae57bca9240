package io.ottla.app.zookeeper;

import io.ottla.time.Clock;
import java.util.concurrent.TimeUnit;

/** How long to wait before the next start: longer each time, until one has lasted. Used under its owner's lock. */
final class RestartDelay {
    private static final long FIRST_MS = 1_000;
    private static final long LONGEST_MS = 30_000;
    /** A run of this length begins anew with the short delays. */
    private static final long LASTING_NS = TimeUnit.MINUTES.toNanos(1);

    private final Clock clock;
    private long nextMs = FIRST_MS;
    private long startedNs;
    private boolean running;

    RestartDelay(Clock clock) {
        this.clock = clock;
    }

    /** It runs. */
    void started() {
        startedNs = clock.monotonicNs();
        running = true;
    }

    /** It does not run any more, or could not be started: milliseconds until the next attempt. */
    long nextMs() {
        if (running && clock.monotonicNs() - startedNs > LASTING_NS) {
            nextMs = FIRST_MS;
        }
        running = false;
        long now = nextMs;
        nextMs = Math.min(2 * now, LONGEST_MS);
        return now;
    }
}
