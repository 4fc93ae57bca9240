package io.ottla.console.moves;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;

/**
 * How fast is copied, out of what had been copied at some points in time. A move begins with a burst, which throttles let
 * through and caches carry, and which says nothing of how it goes on: therefore its first seconds do not count, and what counts
 * then is a minute. For one thread.
 */
public final class CopyRate {
    private static final Duration BURST = Duration.ofSeconds(10);
    /** However often somebody looks, no more is kept than a point a second. */
    private static final Duration APART = Duration.ofSeconds(1);

    private static final Duration LEAST = Duration.ofSeconds(5);
    private static final Duration WINDOW = Duration.ofMinutes(1);
    /** From so long on what the burst brought is little. */
    private static final Duration LONG = Duration.ofSeconds(30);

    private record Point(Instant at, long copied) {}

    private final Deque<Point> points = new ArrayDeque<>();
    private Point first;

    /** @param copied in all, since whenever; where it shrinks, something was written that is to be copied too */
    public void note(Instant at, long copied) {
        Point now = new Point(at, copied);
        if (first == null) {
            first = now;
        }
        if (Duration.between(first.at(), at).compareTo(BURST) < 0
                || !points.isEmpty()
                        && Duration.between(points.getLast().at(), at).compareTo(APART) < 0) {
            return;
        }
        points.addLast(now);
        // The youngest that is a window old stays: from it on is counted.
        Point before = null;
        while (!points.isEmpty() && Duration.between(points.getFirst().at(), at).compareTo(WINDOW) >= 0) {
            before = points.removeFirst();
        }
        if (before != null) {
            points.addFirst(before);
        }
    }

    /** Absent until it can be told, and where nothing is copied. */
    public OptionalDouble bytesPerSecond() {
        if (points.isEmpty()) {
            return OptionalDouble.empty();
        }
        Point last = points.getLast();
        Point from = points.getFirst();
        if (Duration.between(from.at(), last.at()).compareTo(LEAST) < 0) {
            if (Duration.between(first.at(), last.at()).compareTo(LONG) < 0) {
                return OptionalDouble.empty();
            }
            from = first;
        }
        double seconds = Duration.between(from.at(), last.at()).toMillis() / 1e3;
        long copied = last.copied() - from.copied();
        return copied > 0 ? OptionalDouble.of(copied / seconds) : OptionalDouble.empty();
    }
}
