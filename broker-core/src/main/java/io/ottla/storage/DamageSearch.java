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

    private static Damage find(LogSegment[] segments, int number) throws IOException {
        LogSegment segment = segments[number];
        long nextBase = number + 1 < segments.length ? segments[number + 1].baseOffset() : Long.MAX_VALUE;
        long next = segment.baseOffset();
        int bytes = segment.bytes();
        BatchScanner scanner = segment.scan();
        while (scanner.next()) {
            long last = scanner.lastOffset();
            if (last < next || last >= nextBase || !scanner.isIntact()) {
                return new Damage(number, scanner.position(), next);
            }
            next = last + 1;
        }
        return scanner.position() < bytes ? new Damage(number, scanner.position(), next) : null;
    }
}
