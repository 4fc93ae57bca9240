package io.ottla.concurrent;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the broker's threads: daemons with a name, whose escaped exceptions are logged. Thread-safe. What ends a
 * thread is a bug: tasks that may fail catch their own failures.
 */
public final class Threads implements ThreadFactory {
    private static final Logger LOG = LoggerFactory.getLogger(Threads.class);

    private final String name;
    private final boolean numbered;
    private final AtomicInteger next = new AtomicInteger();

    private Threads(String name, boolean numbered) {
        this.name = name;
        this.numbered = numbered;
    }

    /** Threads called {@code name-0}, {@code name-1}, … */
    public static Threads named(String name) {
        return new Threads(name, true);
    }

    /** A factory for one thread, called just so. */
    public static Threads single(String name) {
        return new Threads(name, false);
    }

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = new Thread(task, numbered ? name + "-" + next.getAndIncrement() : name);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler(
                (dying, failure) -> LOG.error("Thread {} ended by an exception", dying.getName(), failure));
        return thread;
    }
}
