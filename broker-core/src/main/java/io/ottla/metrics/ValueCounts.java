package io.ottla.metrics;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * How many values of each size there were. Values of one power of two are told apart in {@value #WIDTH} steps of the same
 * size, so that a value is known to {@code 1 / }{@value #WIDTH} of itself, and exactly below {@code 2 * }{@value #WIDTH}.
 *
 * <pre>
 *   row 0    0 … 63, by 1
 *   row 1    64 … 127, by 1
 *   row 2    128 … 255, by 2
 *   row n    64 * 2^(n-1) … 64 * 2^n - 1, by 2^(n-1)
 * </pre>
 *
 * <p>A row is made when the first of its values comes; where two threads make it at once, one of the two is dropped. That
 * aside, counting is one atomic addition: it neither waits nor allocates, and nothing is ever moved. Thread-safe.
 */
final class ValueCounts {
    private static final int BITS = 6;
    private static final int WIDTH = 1 << BITS;
    private static final int ROWS = Long.SIZE - BITS;

    private final AtomicReferenceArray<AtomicLongArray> rows = new AtomicReferenceArray<>(ROWS);

    /** @param value 0 or more */
    void add(long value) {
        int row = row(value);
        AtomicLongArray counts = rows.get(row);
        if (counts == null) {
            AtomicLongArray made = new AtomicLongArray(WIDTH);
            counts = rows.compareAndSet(row, null, made) ? made : rows.get(row);
        }
        counts.getAndIncrement((int) (value >>> shift(row)) & WIDTH - 1);
    }

    private static int row(long value) {
        return Math.max(0, Long.SIZE - BITS - Long.numberOfLeadingZeros(value));
    }

    /** How many of a value's last bits don't count in its row. */
    private static int shift(int row) {
        return Math.max(0, row - 1);
    }

    /** The counts as they stand now; what is counted meanwhile is in it or not. */
    Snapshot read() {
        long[][] now = new long[ROWS][];
        for (int row = 0; row < ROWS; row++) {
            AtomicLongArray counts = rows.get(row);
            if (counts != null) {
                now[row] = new long[WIDTH];
                for (int at = 0; at < WIDTH; at++) {
                    now[row][at] = counts.get(at);
                }
            }
        }
        return new Snapshot(now);
    }

    /** Counts at one time. Immutable. */
    static final class Snapshot {
        static final Snapshot NONE = new Snapshot(new long[ROWS][]);

        private final long[][] counts;

        private Snapshot(long[][] counts) {
            this.counts = counts;
        }

        /** How many values there were. */
        long total() {
            long total = 0;
            for (int row = 0; row < ROWS; row++) {
                total += inRow(row);
            }
            return total;
        }

        private long inRow(int row) {
            long sum = 0;
            if (counts[row] != null) {
                for (long count : counts[row]) {
                    sum += count;
                }
            }
            return sum;
        }

        /** What has been counted since an earlier snapshot of the same counts. */
        Snapshot since(Snapshot earlier) {
            long[][] more = new long[ROWS][];
            for (int row = 0; row < ROWS; row++) {
                if (counts[row] == null || earlier.counts[row] == null) {
                    more[row] = counts[row];
                    continue;
                }
                more[row] = new long[WIDTH];
                for (int at = 0; at < WIDTH; at++) {
                    more[row][at] = counts[row][at] - earlier.counts[row][at];
                }
            }
            return new Snapshot(more);
        }

        /**
         * The value, as exactly as it is known, that so many values do not exceed.
         *
         * @param rank 1 to {@link #total}
         */
        double ranked(long rank) {
            long before = 0;
            for (int row = 0; row < ROWS; row++) {
                long inRow = inRow(row);
                if (before + inRow < rank) {
                    before += inRow;
                    continue;
                }
                int at = 0;
                for (before += counts[row][0]; before < rank; before += counts[row][at]) {
                    at++;
                }
                return middle(row, at);
            }
            throw new IllegalArgumentException("Expected a rank of 1 to " + before + ", but got " + rank);
        }

        /** The middle of the values that are counted there. */
        private static double middle(int row, int at) {
            long first = row == 0 ? at : (long) (WIDTH + at) << shift(row);
            return first + ((1L << shift(row)) - 1) / 2.0;
        }
    }
}
