package io.ottla.concurrent;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs tasks on an executor in the order given, no more than a few at the same time, so that however many there are they
 * neither fill its queue nor take all its threads. None is refused: where the executor takes nothing, they run on the thread
 * that brought them. Thread-safe.
 */
public final class FewAtATime implements Executor {
    private final Executor executor;
    private final int few;
    private final ConcurrentLinkedQueue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger running = new AtomicInteger();

    public FewAtATime(Executor executor, int few) {
        this.executor = executor;
        this.few = few;
    }

    /** @param task throws nothing */
    @Override
    public void execute(Runnable task) {
        waiting.add(task);
        begin();
    }

    private void begin() {
        int now = running.get();
        while (now < few && !running.compareAndSet(now, now + 1)) {
            now = running.get();
        }
        if (now >= few) {
            return;
        }
        try {
            executor.execute(this::run);
        } catch (RejectedExecutionException full) {
            run();
        }
    }

    private void run() {
        try {
            Runnable task = waiting.poll();
            while (task != null) {
                task.run();
                task = waiting.poll();
            }
        } finally {
            running.decrementAndGet();
        }
        if (!waiting.isEmpty()) {
            begin(); // what came when this one had just seen the end
        }
    }
}
