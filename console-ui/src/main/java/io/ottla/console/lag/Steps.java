package io.ottla.console.lag;

import java.time.Instant;
import java.util.Arrays;
import java.util.function.IntPredicate;

/** Makes a {@link Course} of points in their order: what holds is carried on into steps without points. */
final class Steps {
    private final long[] committed;
    private final long[] lag;
    private final long[] peak;
    private long committedBefore = PartitionLag.UNKNOWN;
    private long lagBefore = PartitionLag.UNKNOWN;

    Steps(int count) {
        committed = unknown(count);
        lag = unknown(count);
        peak = unknown(count);
    }

    private static long[] unknown(int count) {
        long[] steps = new long[count];
        Arrays.fill(steps, PartitionLag.UNKNOWN);
        return steps;
    }

    void before(long committedOffset, long behind) {
        committedBefore = committedOffset;
        lagBefore = behind;
    }

    void in(int step, long committedOffset, long behind) {
        committed[step] = committedOffset;
        lag[step] = behind;
        peak[step] = Math.max(peak[step], behind);
    }

    /** @param unknown says of which steps nobody knows anything */
    Course course(Instant from, Instant to, IntPredicate unknown) {
        for (int i = 0; i < lag.length; i++) {
            if (lag[i] < 0) {
                committed[i] = committedBefore;
                peak[i] = lagBefore;
            } else {
                committedBefore = committed[i];
                lagBefore = lag[i];
            }
            if (unknown.test(i)) {
                committed[i] = PartitionLag.UNKNOWN;
                peak[i] = PartitionLag.UNKNOWN;
            }
        }
        return new Course(from, to, committed, peak);
    }
}
