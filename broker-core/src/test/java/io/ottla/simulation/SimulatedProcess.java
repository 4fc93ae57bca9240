package io.ottla.simulation;

import io.ottla.time.Clock;
import io.ottla.time.Timer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;

/**
 * One process of a simulation, from its start until it is killed: its clock, timer and executors. When it is killed all
 * that it had still to do is gone; while it is paused it does nothing and its clock goes on; a slow one takes longer for
 * every step.
 */
final class SimulatedProcess {
    private static final long MS = 1_000_000L;
    /** As coarse as the broker's timer is. */
    private static final long TIMER_TICK_NS = 10 * MS;

    /** How long a step from one thread to another takes, in nanoseconds. */
    record Tempo(int usualNs, int longNs, int longInThousand) {
        static final Tempo EVEN = new Tempo(20_000, 20_000, 0);
    }

    private final String name;
    private final Schedule schedule;
    private final SplittableRandom random;
    private final Tempo tempo;
    private final List<Runnable> held = new ArrayList<>();
    private final List<Coroutine> coroutines = new ArrayList<>();
    private final List<Runnable> whenKilled = new ArrayList<>();
    private final Clock clock = new ProcessClock();
    private final Timer timer = new ProcessTimer();
    private Runnable afterEach = () -> {};
    private long wallOffsetMs;
    private int slowness = 1;
    private boolean paused;
    private boolean dead;

    /** @param wallMs what its wall clock shows when the simulation's clock stands at 0 */
    SimulatedProcess(String name, Schedule schedule, SplittableRandom random, Tempo tempo, long wallMs) {
        this.name = name;
        this.schedule = schedule;
        this.random = random;
        this.tempo = tempo;
        this.wallOffsetMs = wallMs;
    }

    String name() {
        return name;
    }

    Schedule schedule() {
        return schedule;
    }

    SplittableRandom random() {
        return random;
    }

    Clock clock() {
        return clock;
    }

    Timer timer() {
        return timer;
    }

    boolean isDead() {
        return dead;
    }

    boolean isPaused() {
        return paused;
    }

    boolean isRunning() {
        return !dead && !paused;
    }

    /** Its wall clock jumps. */
    void jump(long byMs) {
        wallOffsetMs += byMs;
    }

    /** @param times how much longer than usual every step takes; 1 as usual */
    void slowBy(int times) {
        slowness = times;
    }

    /** Nothing of it goes on from here, but for the step that is under way: that comes to its end and has no effect. */
    void kill() {
        if (dead) {
            return;
        }
        dead = true;
        held.clear();
        List.copyOf(whenKilled).forEach(Runnable::run);
        List.copyOf(coroutines).forEach(Coroutine::end);
        coroutines.clear();
    }

    /** Tells when it is killed, after it is dead. */
    void whenKilled(Runnable listener) {
        whenKilled.add(listener);
    }

    /** Runs it after each of the process's steps. */
    void afterEach(Runnable look) {
        afterEach = look;
    }

    void pause() {
        paused = true;
    }

    /** What became due meanwhile comes now. */
    void resume() {
        paused = false;
        List<Runnable> due = new ArrayList<>(held);
        held.clear();
        for (Runnable task : due) {
            schedule.after(0, () -> perform(task));
        }
    }

    /** Does it after so long, if it is alive then. */
    Schedule.Event after(long delayNs, Runnable task) {
        return schedule.after(delayNs, () -> perform(task));
    }

    private void perform(Runnable task) {
        if (dead) {
            return;
        }
        if (paused) {
            held.add(task);
            return;
        }
        try {
            task.run();
        } catch (Ended killed) {
            if (!dead) {
                throw killed;
            }
        }
        if (!dead) {
            afterEach.run();
        }
    }

    /** How long the next step from thread to thread takes. */
    long hopNs() {
        long hop = random.nextInt(1000) < tempo.longInThousand
                ? random.nextInt(tempo.longNs + 1)
                : random.nextInt(tempo.usualNs + 1);
        return hop * slowness;
    }

    /** Threads that take tasks in any order. */
    Executor pool() {
        return new Pool();
    }

    /** A thread: one task after the other, in the order they came. */
    Executor thread() {
        return new OneThread();
    }

    /** Runs code that blocks; it waits by {@link Coroutine#await}. */
    Coroutine run(Runnable body) {
        Coroutine coroutine = new Coroutine(this, body);
        coroutines.add(coroutine);
        after(hopNs(), coroutine::resume);
        return coroutine;
    }

    void ended(Coroutine coroutine) {
        coroutines.remove(coroutine);
    }

    private final class ProcessClock implements Clock {
        @Override
        public long wallMs() {
            return wallOffsetMs + schedule.nowNs() / MS;
        }

        @Override
        public long monotonicNs() {
            return schedule.nowNs();
        }
    }

    private final class ProcessTimer implements Timer {
        @Override
        public Timeout schedule(long delayMs, Runnable task) {
            if (dead) {
                return () -> false;
            }
            long ms = Math.min(delayMs, Long.MAX_VALUE / MS / 4);
            Schedule.Event event = after(ms * MS + random.nextLong(TIMER_TICK_NS) + hopNs(), task);
            return () -> schedule.cancel(event);
        }
    }

    private final class Pool implements Executor {
        @Override
        public void execute(Runnable task) {
            after(hopNs(), task);
        }
    }

    private final class OneThread implements Executor {
        private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
            if (tasks.size() == 1) {
                after(hopNs(), this::runNext);
            }
        }

        private void runNext() {
            try {
                tasks.peek().run();
            } finally {
                tasks.poll();
                if (!tasks.isEmpty() && !dead) {
                    after(hopNs() / 8, this::runNext);
                }
            }
        }
    }
}
