package io.ottla.storage;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.Executor;

/** Runs everything on the caller's thread: at once, or when the test says so. */
final class TestingThreads implements StorageThreads {
    private final ArrayDeque<Runnable> held = new ArrayDeque<>();
    private final ArrayDeque<Runnable> heldFlushes = new ArrayDeque<>();
    private final ArrayDeque<Runnable> cleanings = new ArrayDeque<>();
    private final ArrayDeque<Runnable> moves = new ArrayDeque<>();
    private boolean holdsMoves;
    /** Queues that are being worked off. */
    private final Set<Object> working = Collections.newSetFromMap(new IdentityHashMap<>());

    private boolean holdsBackground;
    private boolean holdsFlushes;

    /** From now on background work waits for {@link #runBackground}. */
    void holdBackground() {
        holdsBackground = true;
    }

    void runBackground() {
        Runnable task;
        while ((task = held.poll()) != null) {
            task.run();
        }
    }

    /** What a crash does to it. */
    void forgetBackground() {
        held.clear();
        holdsBackground = false;
    }

    @Override
    public Executor appends(Path folder) {
        return Runnable::run;
    }

    @Override
    public Executor background(Path folder) {
        return task -> {
            if (holdsBackground) {
                held.add(task);
            } else {
                task.run();
            }
        };
    }

    /** From now on flushes wait for {@link #runFlushes}. */
    void holdFlushes() {
        holdsFlushes = true;
    }

    void runFlushes() {
        Runnable task;
        while ((task = heldFlushes.poll()) != null) {
            task.run();
        }
    }

    @Override
    public Executor flushes(Path folder) {
        return task -> {
            if (holdsFlushes) {
                heldFlushes.add(task);
            } else {
                task.run();
            }
        };
    }

    @Override
    public Executor recovery(Path folder, int threads) {
        return Runnable::run;
    }

    /** On the caller's thread, one after the other: what a task hands over runs when the task has ended. */
    @Override
    public Executor cleaning(int threads) {
        return inTurn(cleanings);
    }

    private Executor inTurn(ArrayDeque<Runnable> tasks) {
        return task -> {
            tasks.add(task);
            if (working.add(tasks)) {
                try {
                    while (!tasks.isEmpty()) {
                        tasks.poll().run();
                    }
                } finally {
                    working.remove(tasks);
                }
            }
        };
    }

    /** Whether steps of moves wait for {@link #runMove} from now on. */
    void holdMoves(boolean hold) {
        holdsMoves = hold;
    }

    /** Does one step; false where there is none to do. */
    boolean runMove() {
        Runnable step = moves.poll();
        if (step == null) {
            return false;
        }
        step.run();
        return true;
    }

    @Override
    public Executor moving(int threads) {
        return holdsMoves ? moves::add : inTurn(moves);
    }

    @Override
    public Executor reads() {
        return Runnable::run;
    }
}
