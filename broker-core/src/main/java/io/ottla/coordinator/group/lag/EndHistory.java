package io.ottla.coordinator.group.lag;

import java.util.Arrays;

/**
 * Where a partition ended when it was looked at. It remembers {@value #KEPT} looks at most: the first one always, and of those
 * since then the fewer the longer ago, so that they lie as far apart as they are old, by about a quarter. By that it reaches
 * back for weeks, and knows what came hours ago as well as people want to know it. Not thread-safe.
 */
final class EndHistory {
    private static final int KEPT = 48;
    /** Most partitions rest, and need no more. */
    private static final int AT_FIRST = 4;

    private long[] atMs = new long[AT_FIRST];
    private long[] ends = new long[AT_FIRST];
    private int count;

    /**
     * It ended there.
     *
     * @param nowMs not before the last one
     */
    void note(long nowMs, long end) {
        if (count > 0 && end < ends[count - 1]) {
            // Another topic of that name, or a log that lost its end: what was before says nothing of it.
            count = 0;
        }
        if (count > 1 && end == ends[count - 1] && end == ends[count - 2]) {
            atMs[count - 1] = nowMs;
            return;
        }
        if (count == KEPT) {
            forgetOne(nowMs);
        } else if (count == atMs.length) {
            atMs = Arrays.copyOf(atMs, Math.min(KEPT, 2 * count));
            ends = Arrays.copyOf(ends, Math.min(KEPT, 2 * count));
        }
        atMs[count] = nowMs;
        ends[count] = end;
        count++;
    }

    /** Forgets the look whose neighbours lie closest together for their age. */
    private void forgetOne(long nowMs) {
        int least = 1;
        double narrowest = Double.MAX_VALUE;
        for (int i = 1; i < count - 1; i++) {
            double gap = (double) (atMs[i + 1] - atMs[i - 1]) / (nowMs - atMs[i - 1]);
            if (gap < narrowest) {
                narrowest = gap;
                least = i;
            }
        }
        count--;
        System.arraycopy(atMs, least + 1, atMs, least, count - least);
        System.arraycopy(ends, least + 1, ends, least, count - least);
    }

    /** Where it ended last. Only after the first note. */
    long end() {
        return ends[count - 1];
    }

    /** When that was. Only after the first note. */
    long notedMs() {
        return atMs[count - 1];
    }

    /** The first look that says something of it as it is. Only after the first note. */
    long firstMs() {
        return atMs[0];
    }

    /**
     * Since when there has been a record at that offset, taking it that records came evenly between two looks; the first look
     * where it was there by then. Only for an offset before the {@linkplain #end() end}.
     */
    long sinceMs(long offset) {
        if (offset < ends[0]) {
            return atMs[0];
        }
        int before = count - 1;
        while (ends[before] > offset) {
            before--;
        }
        double share = (double) (offset - ends[before]) / (ends[before + 1] - ends[before]);
        return atMs[before] + (long) (share * (atMs[before + 1] - atMs[before]));
    }
}
