package io.ottla.time;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Work that is done again and again, its period after it ended last, until it is stopped. Thread-safe. */
public final class RepeatedTask {
    private final Timer timer;
    private final Executor threads;
    private final long periodMs;
    private final Runnable work;
    private volatile boolean stopped;

    /**
     * @param threads what does the work; where it refuses it, the task has stopped
     * @param periodMs {@link Long#MAX_VALUE} for never
     */
    public RepeatedTask(Timer timer, Executor threads, long periodMs, Runnable work) {
        this.timer = timer;
        this.threads = threads;
        this.periodMs = periodMs;
        this.work = work;
    }

    /** Begins after one period. */
    public void start() {
        start(periodMs);
    }

    /** Begins after the delay; never where the period is {@link Long#MAX_VALUE}. */
    public void start(long delayMs) {
        if (periodMs != Long.MAX_VALUE) {
            timer.schedule(delayMs, this::handOver);
        }
    }

    public void stop() {
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
