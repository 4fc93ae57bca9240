package io.ottla.storage;

import io.ottla.time.Timer;
import java.util.ArrayList;
import java.util.List;

/** Delays that are over when the test says so. */
final class TestingTimer implements Timer {
    private record Task(long delayMs, Runnable work) {}

    private List<Task> tasks = new ArrayList<>();

    @Override
    public Timeout schedule(long delayMs, Runnable work) {
        Task task = new Task(delayMs, work);
        tasks.add(task);
        return () -> tasks.remove(task);
    }

    int waiting() {
        return tasks.size();
    }

    /** What waits never runs. */
    void forget() {
        tasks.clear();
    }

    /** Runs everything that waits for at most so long, once. */
    void run(long upToMs) {
        List<Task> due = tasks.stream().filter(task -> task.delayMs <= upToMs).toList();
        tasks.removeAll(due);
        due.forEach(task -> task.work.run());
    }
}
