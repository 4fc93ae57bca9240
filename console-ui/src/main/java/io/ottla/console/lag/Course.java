package io.ottla.console.lag;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;

/**
 * How committed offset and lag went over a span of time, at equal steps: of a topic, or summed over a group's. -1 stands for
 * what is unknown: before the first sample, and where nothing was sampled. Immutable.
 */
public final class Course {
    private final Instant from;
    private final Instant to;
    private final long[] committed;
    private final long[] lag;

    /**
     * @param committed at the end of each step
     * @param lag the largest of each step
     */
    Course(Instant from, Instant to, long[] committed, long[] lag) {
        this.from = from;
        this.to = to;
        this.committed = committed.clone();
        this.lag = lag.clone();
    }

    private static Course unknown(Instant from, Instant to, int steps) {
        long[] none = new long[steps];
        Arrays.fill(none, PartitionLag.UNKNOWN);
        return new Course(from, to, none, none);
    }

    /** All together, each of the same span and steps; where only some are known, those. */
    public static Course sum(Instant from, Instant to, int steps, Collection<Course> courses) {
        Course sum = unknown(from, to, steps);
        for (Course course : courses) {
            for (int i = 0; i < steps; i++) {
                sum.committed[i] = sum(sum.committed[i], course.committed[i]);
                sum.lag[i] = sum(sum.lag[i], course.lag[i]);
            }
        }
        return sum;
    }

    private static long sum(long one, long other) {
        return one < 0 ? other : other < 0 ? one : one + other;
    }

    public Instant from() {
        return from;
    }

    public Instant to() {
        return to;
    }

    public int steps() {
        return lag.length;
    }

    /** The end of a step. */
    public Instant at(int step) {
        return from.plus(Duration.between(from, to).multipliedBy(step + 1L).dividedBy(steps()));
    }

    /** At the end of a step. */
    public long committed(int step) {
        return committed[step];
    }

    /** The largest in a step. */
    public long lag(int step) {
        return lag[step];
    }

    /** What the logs' ends came to. */
    public long end(int step) {
        return lag[step] < 0 ? PartitionLag.UNKNOWN : committed[step] + lag[step];
    }

    public boolean isUnknown() {
        return maxLag() < 0;
    }

    public long maxLag() {
        return Arrays.stream(lag).max().orElse(PartitionLag.UNKNOWN);
    }
}
