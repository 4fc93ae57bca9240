package io.ottla.concurrent;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A few threads and a queue of bounded length, for work that blocks. Threads are started as work comes and end when
 * there has been none for a while. Thread-safe.
 */
public final class BoundedPool implements Executor, AutoCloseable {
    private static final long IDLE_THREAD_LIVES_MS = 30_000;

    private final ThreadPoolExecutor pool;
    private final int capacity;

    /**
     * @param threads 1 or more
     * @param capacity how many tasks may wait, 1 or more
     */
    public BoundedPool(String name, int threads, int capacity) {
        this.capacity = capacity;
        this.pool = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_THREAD_LIVES_MS,
                TimeUnit.MILLISECONDS,
                new ArrayBlockingQueue<>(capacity),
                Threads.named(name));
        this.pool.allowCoreThreadTimeOut(true);
    }

    /** Takes the task, or says that the queue is full or the pool closed. */
    public boolean offer(Runnable task) {
        try {
            pool.execute(task);
            return true;
        } catch (RejectedExecutionException full) {
            return false;
        }
    }

    /** As {@link #offer}, for those who can't be refused. Throws {@link RejectedExecutionException}. */
    @Override
    public void execute(Runnable task) {
        pool.execute(task);
    }

    /**
     * Goes on with more threads or fewer; those too many end with what they are at.
     *
     * @param threads 1 or more
     */
    public synchronized void resize(int threads) {
        if (threads > pool.getMaximumPoolSize()) {
            pool.setMaximumPoolSize(threads);
            pool.setCorePoolSize(threads);
        } else {
            pool.setCorePoolSize(threads);
            pool.setMaximumPoolSize(threads);
        }
    }

    /** How many threads there may be. */
    public int threads() {
        return pool.getMaximumPoolSize();
    }

    /** Tasks that wait for a thread. */
    public int waiting() {
        return pool.getQueue().size();
    }

    /** How many may wait. */
    public int capacity() {
        return capacity;
    }

    /** Takes nothing more and gives what was taken 10 s to end. */
    @Override
    public void close() {
        pool.shutdown();
        try {
            if (!pool.awaitTermination(10, TimeUnit.SECONDS)) {
                pool.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            pool.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
