package io.ottla.simulation;

import io.ottla.concurrent.Threads;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;

/**
 * Code that blocks, inside a simulation that must not: it has a thread, but runs only while the simulation's own thread
 * stands still, from where it was resumed until it waits or ends. So there is one thread at any time, and the same seed
 * gives the same run.
 */
final class Coroutine {
    private static final ThreadLocal<Coroutine> CURRENT = new ThreadLocal<>();

    private final SimulatedProcess process;
    private final Runnable body;
    private final Semaphore toBody = new Semaphore(0);
    private final Semaphore toSimulation = new Semaphore(0);
    private Throwable failure;
    private boolean started;
    private boolean over;
    private boolean waiting;

    Coroutine(SimulatedProcess process, Runnable body) {
        this.process = process;
        this.body = body;
    }

    /** The one that runs on the calling thread; null on the simulation's own. */
    static Coroutine current() {
        return CURRENT.get();
    }

    boolean isOver() {
        return over;
    }

    /** Lets it run until it waits or ends. On the simulation's thread. */
    void resume() {
        if (over) {
            return;
        }
        if (started) {
            toBody.release();
        } else {
            started = true;
            Threads.single("coroutine").newThread(this::run).start();
        }
        toSimulation.acquireUninterruptibly();
        if (over) {
            process.ended(this);
            throwFailure();
        }
    }

    private void throwFailure() {
        Throwable why = failure;
        failure = null;
        if (why instanceof Error error) {
            throw error;
        }
        if (why instanceof RuntimeException broken) {
            throw broken;
        }
    }

    private void run() {
        CURRENT.set(this);
        try {
            body.run();
        } catch (RuntimeException | Error broken) {
            // Where the process is dead nothing counts that comes of it.
            failure = process.isDead() ? null : broken;
        } finally {
            over = true;
            toSimulation.release();
        }
    }

    /** Its process is dead: what it waits for ends with {@link Ended}. */
    void end() {
        if (!started) {
            over = true;
        } else if (current() != this && !over) {
            resume();
        }
    }

    /**
     * Waits until the stage is done, whatever came of it, or the time is over. Only on this coroutine's thread.
     *
     * @return false where the time was over first
     */
    boolean await(CompletionStage<?> stage, long timeoutMs) {
        requireAlive();
        boolean[] done = {false};
        boolean[] late = {false};
        Schedule.Event timeout = process.after(timeoutMs * 1_000_000, () -> {
            late[0] = true;
            wake();
        });
        stage.whenComplete((value, why) -> {
            done[0] = true;
            wake();
        });
        while (!done[0] && !late[0]) {
            waiting = true;
            toSimulation.release();
            toBody.acquireUninterruptibly();
            waiting = false;
            requireAlive();
        }
        process.schedule().cancel(timeout);
        return done[0];
    }

    private void wake() {
        if (waiting) {
            waiting = false;
            process.after(0, this::resume);
        }
    }

    private void requireAlive() {
        if (process.isDead()) {
            throw new Ended(process.name());
        }
    }
}
