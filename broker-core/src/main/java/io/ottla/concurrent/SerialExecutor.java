package io.ottla.concurrent;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one after the other, in the order they were given, on the threads of another executor. What a task wrote
 * is seen by the next. Thread-safe. A turn runs a bounded number of tasks, so that many of these share few threads
 * fairly.
 */
public final class SerialExecutor implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(SerialExecutor.class);
    private static final int TASKS_PER_TURN = 64;

    private final Executor threads;
    private final Object lock = new Object();
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final Runnable turn = this::runTurns;
    private boolean active;

    public SerialExecutor(Executor threads) {
        this.threads = threads;
    }

    /** Throws what the executor below throws, as {@link RejectedExecutionException}; the task is not kept then. */
    @Override
    public void execute(Runnable task) {
        synchronized (lock) {
            tasks.add(task);
            if (active) {
                return;
            }
            active = true;
        }
        try {
            threads.execute(turn);
        } catch (RuntimeException | Error refused) {
            synchronized (lock) {
                tasks.removeLastOccurrence(task);
                active = !tasks.isEmpty();
                if (!active) {
                    throw refused;
                }
            }
            // Others came meanwhile, and were told that they would run.
            runTurns();
            throw refused;
        }
    }

    /**
     * Runs the task now, on the calling thread, where no other runs or waits. What others give meanwhile is not left to
     * the caller: it runs on the threads below.
     *
     * @return false where the task was not run, and is not kept
     */
    public boolean tryRun(Runnable task) {
        synchronized (lock) {
            if (active) {
                return false;
            }
            active = true;
        }
        run(task);
        if (!isHandedOver()) {
            runTurns();
        }
        return true;
    }

    /** Tasks that have not begun. */
    public int waiting() {
        synchronized (lock) {
            return tasks.size();
        }
    }

    private void runTurns() {
        do {
            for (int i = 0; i < TASKS_PER_TURN; i++) {
                Runnable task;
                synchronized (lock) {
                    task = tasks.poll();
                    if (task == null) {
                        active = false;
                        return;
                    }
                }
                run(task);
            }
        } while (!isHandedOver());
    }

    /** Leaves what waits to the threads below. Where they refuse, it is for the caller to run: it was taken. */
    private boolean isHandedOver() {
        synchronized (lock) {
            if (tasks.isEmpty()) {
                active = false;
                return true;
            }
        }
        try {
            threads.execute(turn);
            return true;
        } catch (RuntimeException | Error refused) {
            return false;
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error failure) {
            LOG.error("A task broke; the next one goes on", failure);
        }
    }
}
