package io.ottla.time;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A timer of ~10 ms resolution for very many short-lived delays, of which nearly all are taken back: scheduling and
 * cancelling are O(1) and touch one slot. A hashed wheel (Varghese and Lauck, scheme 6): a delay that is longer than a
 * round stays in its slot for several.
 *
 * <p>One thread drives it, and sleeps until the next slot that holds something; an empty wheel costs nothing. Tasks run
 * on that thread and must only hand over. Thread-safe.
 */
public final class TimerWheel implements Timer, AutoCloseable {
    /** How coarse: a task runs up to two of these late. */
    static final long TICK_MS = 10;

    private static final Logger LOG = LoggerFactory.getLogger(TimerWheel.class);
    private static final int SLOTS = 1024;
    private static final int MASK = SLOTS - 1;
    private static final long ANY = Long.MAX_VALUE;

    private final Clock clock;
    private final long originMs;
    private final Slot[] slots = new Slot[SLOTS];
    private final AtomicInteger pending = new AtomicInteger();
    /** The tick the thread sleeps until; a task due earlier wakes it. */
    private final AtomicLong wakeTick = new AtomicLong(ANY);

    private final Thread thread;
    /** The slot last visited; written before the visit, so that who links too late sees it. */
    private volatile long tick;

    private volatile boolean closed;

    /** Starts its thread. */
    public TimerWheel(Clock clock, ThreadFactory threads) {
        this.clock = clock;
        this.originMs = clock.monotonicMs();
        for (int i = 0; i < SLOTS; i++) {
            slots[i] = new Slot();
        }
        this.thread = threads.newThread(this::run);
        this.thread.start();
    }

    @Override
    public Timeout schedule(long delayMs, Runnable task) {
        if (delayMs < 0) {
            throw new IllegalArgumentException("Expected a delay of 0 or more, but got " + delayMs + " ms");
        }
        long delay = Math.min(delayMs, Long.MAX_VALUE / 4);
        // Rounded up, and one on top: the present tick is partly over.
        long due = (clock.monotonicMs() - originMs + delay) / TICK_MS + 1;
        Waiting waiting = new Waiting(this, task);
        pending.incrementAndGet();
        link(waiting, due);
        // Its slot may have been passed while it was being linked: then it goes to the next one.
        while (waiting.due <= tick && waiting.slot.remove(waiting)) {
            link(waiting, tick + 1);
        }
        if (waiting.due < wakeTick.get()) {
            LockSupport.unpark(thread);
        }
        return waiting;
    }

    private void link(Waiting waiting, long due) {
        waiting.due = due;
        waiting.slot = slots[(int) (due & MASK)];
        waiting.slot.add(waiting);
    }

    /** Tasks that wait, for the metric of its use. */
    public int pending() {
        return pending.get();
    }

    /** Ends the thread. What still waits never runs. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!closed) {
            wakeTick.set(ANY);
            long now = (clock.monotonicMs() - originMs) / TICK_MS;
            advanceTo(now);
            long next = nextUsedTick(now);
            wakeTick.set(next);
            if (closed) {
                return;
            }
            if (next == ANY) {
                // Nothing waits. Whoever schedules sees that any tick is earlier, and wakes us.
                LockSupport.park(this);
            } else {
                long untilMs = originMs + next * TICK_MS - clock.monotonicMs();
                if (untilMs > 0) {
                    LockSupport.parkNanos(this, untilMs * 1_000_000);
                }
            }
        }
    }

    private void advanceTo(long now) {
        // After a long sleep one round visits every slot; more rounds would find nothing else.
        long from = Math.max(tick + 1, now - MASK);
        for (long t = from; t <= now; t++) {
            tick = t;
            Waiting due = slots[(int) (t & MASK)].takeDue(t);
            while (due != null) {
                Waiting following = due.next;
                due.next = null;
                pending.decrementAndGet();
                run(due.task);
                due = following;
            }
        }
    }

    private long nextUsedTick(long now) {
        for (long t = now + 1; t <= now + SLOTS; t++) {
            if (slots[(int) (t & MASK)].isUsed()) {
                return t;
            }
        }
        return ANY;
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error failure) {
            LOG.error("A timer's task broke; the timer goes on", failure);
        }
    }

    /** Those whose due tick falls on one place of the wheel: a doubly linked list under a lock of its own. */
    private static final class Slot {
        private final Object lock = new Object();
        private volatile Waiting first;

        boolean isUsed() {
            return first != null;
        }

        void add(Waiting waiting) {
            synchronized (lock) {
                Waiting head = first;
                waiting.next = head;
                if (head != null) {
                    head.previous = waiting;
                }
                waiting.linked = true;
                first = waiting;
            }
        }

        boolean remove(Waiting waiting) {
            synchronized (lock) {
                if (!waiting.linked) {
                    return false;
                }
                unlink(waiting);
                return true;
            }
        }

        /** Unlinks those due and returns them as a list by {@code next}, in the order they were scheduled. */
        Waiting takeDue(long now) {
            if (first == null) {
                return null;
            }
            synchronized (lock) {
                Waiting due = null;
                Waiting at = first;
                while (at != null) {
                    Waiting following = at.next;
                    if (at.due <= now) {
                        unlink(at);
                        at.next = due;
                        due = at;
                    }
                    at = following;
                }
                return due;
            }
        }

        private void unlink(Waiting waiting) {
            if (waiting.previous == null) {
                first = waiting.next;
            } else {
                waiting.previous.next = waiting.next;
            }
            if (waiting.next != null) {
                waiting.next.previous = waiting.previous;
            }
            waiting.next = null;
            waiting.previous = null;
            waiting.linked = false;
        }
    }

    private static final class Waiting implements Timeout {
        private final TimerWheel wheel;
        private final Runnable task;
        private Slot slot;
        private long due;
        private Waiting next;
        private Waiting previous;
        private boolean linked;

        Waiting(TimerWheel wheel, Runnable task) {
            this.wheel = wheel;
            this.task = task;
        }

        @Override
        public boolean cancel() {
            boolean taken = slot.remove(this);
            if (taken) {
                wheel.pending.decrementAndGet();
            }
            return taken;
        }
    }
}
