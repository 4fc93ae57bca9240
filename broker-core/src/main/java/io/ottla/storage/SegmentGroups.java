package io.ottla.storage;

import java.util.ArrayList;
import java.util.List;

/** Puts neighbouring segments together that are to become one when they are compacted. Pure. */
final class SegmentGroups {
    private SegmentGroups() {}

    /**
     * What a segment brings.
     *
     * @param end offset after its last record, or any up to the next segment's base
     * @param largestIndexBytes of its offset index and its time index, the larger one
     */
    record Member(LogSegment segment, long baseOffset, long end, long bytes, long largestIndexBytes) {}

    /**
     * All segments, in their order, in as few groups as the limits allow; a segment that is beyond them stays alone.
     *
     * @param maxBytes of a group
     * @param maxIndexBytes of either index of a group
     */
    static List<List<Member>> of(List<Member> segments, long maxBytes, long maxIndexBytes) {
        List<List<Member>> groups = new ArrayList<>();
        List<Member> group = new ArrayList<>();
        long bytes = 0;
        long indexBytes = 0;
        for (Member segment : segments) {
            boolean fits = !group.isEmpty()
                    && bytes + segment.bytes() <= maxBytes
                    && indexBytes + segment.largestIndexBytes() <= maxIndexBytes
                    && segment.end() - 1 - group.getFirst().baseOffset() <= Integer.MAX_VALUE;
            if (!fits) {
                group = new ArrayList<>();
                groups.add(group);
                bytes = 0;
                indexBytes = 0;
            }
            group.add(segment);
            bytes += segment.bytes();
            indexBytes += segment.largestIndexBytes();
        }
        return groups;
    }
}
