package io.ottla.storage;

import java.util.List;

/**
 * How much of a log is compacted and how much could be. Pure.
 *
 * @param firstDirty the first offset that was not compacted
 * @param upTo base offset of the first segment that may not be compacted now
 * @param cleanBytes in segments before the first that is not compacted
 * @param dirtyBytes in those from there on that may be
 */
record CleanableStretch(long firstDirty, long upTo, long cleanBytes, long dirtyBytes) {
    /**
     * A segment of a log.
     *
     * @param isRipe whether all of its records are as old as compaction asks for
     */
    record Segment(long baseOffset, long bytes, boolean isRipe) {}

    /**
     * Judges a log.
     *
     * @param segments all but the active one
     * @param active base offset of that one
     * @param firstDirty as compaction left off; anything outside of the log counts as its start
     * @param limit no segment that reaches past this offset: the high watermark, or the first that is not stable
     */
    static CleanableStretch of(
            List<Segment> segments, long active, long logStart, long firstDirty, long logEnd, long limit) {
        long dirty = firstDirty < logStart || firstDirty > logEnd ? logStart : firstDirty;
        long upTo = segments.isEmpty() ? active : segments.getFirst().baseOffset();
        long clean = 0;
        long unclean = 0;
        for (int i = 0; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            long end = i + 1 < segments.size() ? segments.get(i + 1).baseOffset() : active;
            if (end > limit || end > dirty && !segment.isRipe()) {
                break;
            }
            upTo = end;
            if (end <= dirty) {
                clean += segment.bytes();
            } else {
                unclean += segment.bytes();
            }
        }
        return new CleanableStretch(dirty, upTo, clean, unclean);
    }

    /** The share that could be compacted of what was and could be; 0 where there is nothing. */
    double dirtyRatio() {
        long all = cleanBytes + dirtyBytes;
        return all == 0 ? 0 : (double) dirtyBytes / all;
    }
}
