package io.ottla.storage;

import java.io.IOException;

/** Looks for batches that are not as they were written. Blocks; reads every byte from a segment on. */
final class DamageSearch {
    private DamageSearch() {}

    /**
     * The first batch that is not whole and intact, or does not fit behind the one before.
     *
     * @param segment number of the one that it begins in
     * @param position in the segment's file
     * @param offset after the last good batch before it
     */
    record Damage(int segment, int position, long offset) {}

    /**
     * Looks from the segment of that offset on.
     *
     * @return null where nothing is wrong
     */
    static Damage find(LogSegment[] segments, long from) throws IOException {
        for (int i = LogState.floor(segments, from); i < segments.length; i++) {
            if (!segments[i].acquire()) {
                continue; // deleted meanwhile
            }
            try {
                Damage damage = find(segments, i);
                if (damage != null) {
                    return damage;
                }
            } finally {
                segments[i].release();
            }
        }
        return null;
    }

    /** Looks at the segment of that number, which the caller holds. */
    static Damage find(LogSegment[] segments, int number) throws IOException {
        LogSegment segment = segments[number];
        SegmentCheck check = new SegmentCheck(segment, segment.bytes(), segment.scan(), nextBase(segments, number));
        while (check.step(Integer.MAX_VALUE)) {
            // to the end
        }
        return check.isDamaged() ? new Damage(number, check.position(), check.nextOffset()) : null;
    }

    /** Base offset of the segment behind that one; {@link Long#MAX_VALUE} where there is none. */
    static long nextBase(LogSegment[] segments, int number) {
        return number + 1 < segments.length ? segments[number + 1].baseOffset() : Long.MAX_VALUE;
    }
}
