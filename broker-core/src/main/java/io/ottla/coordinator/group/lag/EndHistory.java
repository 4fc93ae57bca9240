package io.ottla.coordinator.group.lag;

/**
 * Where a partition ended when it was looked at: the last {@value #KEPT} times, older ones thinned out, so that looking each
 * 10 s it knows the last 2½ minutes by 10 s and ten minutes before those more coarsely. Not thread-safe.
 */
final class EndHistory {
    /** For a time that is not known. */
    static final long UNKNOWN = -1;

    private static final int KEPT = 32;

    private final long[] atMs = new long[KEPT];
    private final long[] ends = new long[KEPT];
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
            thin();
        }
        atMs[count] = nowMs;
        ends[count] = end;
        count++;
    }

    private void thin() {
        count = KEPT / 2;
        for (int i = 0; i < count; i++) {
            atMs[i] = atMs[2 * i + 1];
            ends[i] = ends[2 * i + 1];
        }
    }

    /** When it was noted last; {@link #UNKNOWN} for never. */
    long notedMs() {
        return count == 0 ? UNKNOWN : atMs[count - 1];
    }

    /** Where it ended last. Only after the first note. */
    long end() {
        return ends[count - 1];
    }

    /**
     * For how long there has been a record at that offset, taking it that records came evenly between two looks: 0 where there
     * is none, {@link #UNKNOWN} where it was there before the first look that is still known.
     */
    long ageMs(long offset, long nowMs) {
        if (count == 0 || offset < ends[0]) {
            return UNKNOWN;
        }
        if (offset >= ends[count - 1]) {
            return 0;
        }
        int before = count - 1;
        while (ends[before] > offset) {
            before--;
        }
        double share = (double) (offset - ends[before]) / (ends[before + 1] - ends[before]);
        return nowMs - atMs[before] - (long) (share * (atMs[before + 1] - atMs[before]));
    }
}
