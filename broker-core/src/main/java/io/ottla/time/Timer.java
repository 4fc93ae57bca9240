package io.ottla.time;

/** The only source of delay. Thread-safe; a task runs on the timer's thread and must only hand over. */
public interface Timer {
    /**
     * Runs the task once, not before the delay is over.
     *
     * @param delayMs 0 or more, from now
     */
    Timeout schedule(long delayMs, Runnable task);

    /** A task that waits. */
    interface Timeout {
        /** Takes the task back. Returns false when it has run, is running, or was taken back before. */
        boolean cancel();
    }
}
