package io.ottla.replication;

import io.ottla.time.Clock;
import io.ottla.time.Timer;
import java.util.ArrayList;
import java.util.List;

/** Time that a test moves; tasks run when their time has come. */
public final class TestingTimer implements Timer, Clock {
    private final class Task implements Timeout {
        private final long atMs;
        private final Runnable what;
        private boolean over;

        Task(long atMs, Runnable what) {
            this.atMs = atMs;
            this.what = what;
        }

        @Override
        public boolean cancel() {
            synchronized (TestingTimer.this) {
                boolean taken = !over;
                over = true;
                return taken;
            }
        }
    }

    private final List<Task> tasks = new ArrayList<>();
    private long nowMs = 1_000;

    @Override
    public synchronized Timeout schedule(long delayMs, Runnable task) {
        Task added = new Task(nowMs + delayMs, task);
        tasks.add(added);
        return added;
    }

    @Override
    public synchronized long wallMs() {
        return nowMs;
    }

    @Override
    public synchronized long monotonicNs() {
        return nowMs * 1_000_000;
    }

    public void advance(long ms) {
        List<Task> due = new ArrayList<>();
        synchronized (this) {
            nowMs += ms;
            for (Task task : tasks) {
                if (!task.over && task.atMs <= nowMs) {
                    task.over = true;
                    due.add(task);
                }
            }
            tasks.removeIf(task -> task.over);
        }
        due.forEach(task -> task.what.run());
    }

    /** Tasks that wait. */
    public synchronized int waiting() {
        tasks.removeIf(task -> task.over);
        return tasks.size();
    }
}
