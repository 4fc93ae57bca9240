package io.ottla.storage;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Where the batches appended last to a segment begin, so that a reader at the log's tail finds its place without
 * touching a file. A ring: one writer, readers of any thread without a lock, who take no place that the writer may have
 * written over meanwhile.
 */
final class RecentBatches {
    /** Ask the index. */
    static final int MISS = -1;

    private static final int SIZE = 64;

    private final AtomicLongArray lastOffsets = new AtomicLongArray(SIZE);
    private final AtomicIntegerArray positions = new AtomicIntegerArray(SIZE);
    private volatile long count;

    void add(long lastOffset, int position) {
        long now = count;
        int slot = (int) (now & (SIZE - 1));
        lastOffsets.set(slot, lastOffset);
        positions.set(slot, position);
        count = now + 1;
    }

    /** Position of the first batch whose last offset is at or past the given one, or {@link #MISS}. */
    int find(long offset) {
        long newest = count;
        long oldest = Math.max(0, newest - SIZE + 1);
        long low = oldest;
        long high = newest;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (lastOffsets.get((int) (middle & (SIZE - 1))) >= offset) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        if (low == newest || low == oldest) {
            return MISS; // past the end, or a batch before the ring may be the first
        }
        int position = positions.get((int) (low & (SIZE - 1)));
        return low > count - SIZE ? position : MISS;
    }
}
