package io.ottla.storage;

import io.ottla.time.Timer;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Work that is done again and again, its period after it ended last, until it is stopped. Thread-safe. */
final class RepeatedTask {
    private final Timer timer;
    private final Executor threads;
    private final long periodMs;
    private final Runnable work;
    private volatile boolean stopped;

    RepeatedTask(Timer timer, Executor threads, long periodMs, Runnable work) {
        this.timer = timer;
        this.threads = threads;
        this.periodMs = periodMs;
        this.work = work;
    }

    /** Begins after the delay; never where the period is {@link Long#MAX_VALUE}. */
    void start(long delayMs) {
        if (periodMs != Long.MAX_VALUE) {
            timer.schedule(delayMs, this::handOver);
        }
    }

    void stop() {
        stopped = true;
    }

    private void handOver() {
        if (stopped) {
            return;
        }
        try {
            threads.execute(this::run);
        } catch (RejectedExecutionException closing) {
            stopped = true;
        }
    }

    private void run() {
        if (stopped) {
            return;
        }
        try {
            work.run();
        } finally {
            if (!stopped) {
                timer.schedule(Math.max(1, periodMs), this::handOver);
            }
        }
    }
}
