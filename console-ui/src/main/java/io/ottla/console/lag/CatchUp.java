package io.ottla.console.lag;

import java.time.Duration;

/** When a group will have read everything, if it goes on as in the last minutes. */
public sealed interface CatchUp {
    /** Nothing is left to read. */
    record Done() implements CatchUp {}

    /** Records a second that the group reads and that producers write. */
    record In(Duration time, double read, double written) implements CatchUp {}

    /** It reads no faster than is written. */
    record Never(double read, double written) implements CatchUp {}

    /** It reads nothing at all. */
    record Stalled(double written) implements CatchUp {}

    /** There is too little history. */
    record Unknown() implements CatchUp {}

    /** What a page says of it, as the end of a key of the message bundles. */
    default String key() {
        return switch (this) {
            case Done() -> "done";
            case In(var _, var _, var _) -> "in";
            case Never(var _, var _) -> "never";
            case Stalled(var _) -> "stalled";
            case Unknown() -> "unknown";
        };
    }

    /** Longer than this is as good as never. */
    Duration LONGEST = Duration.ofDays(365);

    /** A span that is shorter tells nothing. */
    Duration SHORTEST_SPAN = Duration.ofSeconds(20);

    /**
     * Pure.
     *
     * @param lag now
     * @param course of the last minutes
     */
    static CatchUp of(long lag, Course course) {
        if (lag == 0) {
            return new Done();
        }
        int first = 0;
        while (first < course.steps() && course.lag(first) < 0) {
            first++;
        }
        int last = course.steps() - 1;
        if (lag < 0 || first >= last || course.lag(last) < 0) {
            return new Unknown();
        }
        Duration span = Duration.between(course.at(first), course.at(last));
        if (span.compareTo(SHORTEST_SPAN) < 0) {
            return new Unknown();
        }
        double seconds = span.toMillis() / 1000.0;
        double read = Math.max(0, course.committed(last) - course.committed(first)) / seconds;
        double written = Math.max(0, course.end(last) - course.end(first)) / seconds;
        if (read == 0) {
            return new Stalled(written);
        }
        double left = lag / (read - written);
        return read <= written || left > LONGEST.toSeconds()
                ? new Never(read, written)
                : new In(Duration.ofSeconds(Math.max(1, Math.round(left))), read, written);
    }
}
