package io.ottla.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * What happens in a simulation, one event after the other on a clock that only events move. What is due at the same
 * moment comes in an order that the seed draws; the same seed always gives the same run, and {@link #hash} tells two runs
 * apart. Used by one thread at a time.
 */
final class Schedule {
    private static final int FEW = 1024;

    /** Something that will happen, unless it is taken back. */
    static final class Event implements Comparable<Event> {
        private final long atNs;
        private final int tie;
        private final long sequence;
        private Runnable task;

        private Event(long atNs, int tie, long sequence, Runnable task) {
            this.atNs = atNs;
            this.tie = tie;
            this.sequence = sequence;
            this.task = task;
        }

        boolean isOver() {
            return task == null;
        }

        @Override
        public int compareTo(Event other) {
            int order = Long.compare(atNs, other.atNs);
            order = order == 0 ? Integer.compare(tie, other.tie) : order;
            return order == 0 ? Long.compare(sequence, other.sequence) : order;
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(sequence);
        }
    }

    private final SplittableRandom ties;
    private PriorityQueue<Event> queue = new PriorityQueue<>();
    private int takenBack;
    private long nowNs;
    private long sequence;
    private long steps;
    private long hash = 17;
    private Throwable failure;

    Schedule(SplittableRandom random) {
        this.ties = random;
    }

    /** Nanoseconds since the simulation began. */
    long nowNs() {
        return nowNs;
    }

    /** Events so far. */
    long steps() {
        return steps;
    }

    /** Of all that happened so far and of what was {@linkplain #note noted}. */
    long hash() {
        return hash;
    }

    /** Mixes something that happened into the hash. */
    void note(long what) {
        hash = (hash ^ what) * 0x9E3779B97F4A7C15L;
        hash ^= hash >>> 29;
    }

    /** Something is wrong, where nobody would hear of it: the present step throws it. */
    void fail(Throwable why) {
        failure = failure == null ? why : failure;
    }

    /** Has it happen so many nanoseconds from now. */
    Event after(long delayNs, Runnable task) {
        if (delayNs < 0) {
            throw new IllegalArgumentException("Expected a delay of 0 or more, but got " + delayNs + " ns");
        }
        Event event = new Event(nowNs + delayNs, ties.nextInt(), sequence++, task);
        queue.add(event);
        return event;
    }

    /** Takes it back; false where it has happened or was taken back before. */
    boolean cancel(Event event) {
        if (event.task == null) {
            return false;
        }
        event.task = null;
        takenBack++;
        if (takenBack > FEW && takenBack > queue.size() / 2) {
            sweep();
        }
        return true;
    }

    private void sweep() {
        List<Event> left = new ArrayList<>(queue.size() - takenBack);
        for (Event event : queue) {
            if (event.task != null) {
                left.add(event);
            }
        }
        queue = new PriorityQueue<>(left);
        takenBack = 0;
    }

    /** Lets the next event happen; false where there is none. */
    boolean step() {
        while (true) {
            Event next = queue.poll();
            if (next == null) {
                return false;
            }
            if (next.task == null) {
                takenBack--;
                continue;
            }
            Runnable task = next.task;
            next.task = null;
            nowNs = next.atNs;
            steps++;
            note(next.atNs * 31 + next.sequence);
            task.run();
            if (failure != null) {
                if (failure instanceof Error error) {
                    throw error;
                }
                throw new IllegalStateException(failure);
            }
            return true;
        }
    }

    /** Lets everything happen that is due until then; the clock stands there afterwards. */
    void runUntil(long untilNs) {
        while (true) {
            Event next = queue.peek();
            if (next == null || next.atNs > untilNs) {
                nowNs = Math.max(nowNs, untilNs);
                return;
            }
            step();
        }
    }
}
