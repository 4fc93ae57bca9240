package io.ottla.storage;

import java.io.IOException;

/**
 * Finds batches in a segment: by what was written lately, else by the offset index and a look at the batches behind it.
 * Looked into from any thread that holds the segment; told of batches by its writer.
 */
final class SegmentSearch {
    /** What is read at a time on the way to a batch. */
    static final int LOOK_BYTES = 8 * 1024;

    private static final int NONE = -1;

    /**
     * Where a reader's range ends.
     *
     * @param position after a whole batch
     * @param nextOffset where that reader goes on; {@link #UNKNOWN} where nobody looked
     */
    record Cut(int position, long nextOffset) {
        static final long UNKNOWN = -1;
    }

    private final LogSegment segment;
    private volatile RecentBatches recent;

    SegmentSearch(LogSegment segment) {
        this.segment = segment;
    }

    /** A batch was written. Writer only. */
    void note(long lastOffset, int position) {
        RecentBatches ring = recent;
        if (ring == null) {
            ring = new RecentBatches();
            recent = ring;
        }
        ring.add(lastOffset, position);
    }

    /** What was written lately may be cut. Writer only. */
    void forget() {
        recent = null;
    }

    /** Position of the first batch whose last offset is at or past the given one; {@code end} where none is. */
    int positionOf(long offset, int end) throws IOException {
        if (offset <= segment.baseOffset()) {
            return 0;
        }
        RecentBatches ring = recent;
        if (ring != null) {
            int found = ring.find(offset);
            if (found != RecentBatches.MISS) {
                return Math.min(found, end);
            }
        }
        return find(offset, indexed(offset), end, false);
    }

    /**
     * As {@link #positionOf}, from a place on that was known without a look at what stands there.
     *
     * @param from where a batch begins; none before it ends at the offset or past it
     */
    int positionFrom(int from, long offset, int end) throws IOException {
        return find(offset, from, end, false);
    }

    /** As {@link #positionOf} in the whole segment, for a cut: a batch whose end is in doubt is cut. */
    int positionToCut(long offset) throws IOException {
        return offset <= segment.baseOffset() ? 0 : find(offset, indexed(offset), segment.bytes(), true);
    }

    private int indexed(long offset) throws IOException {
        segment.checkIndexes();
        return segment.offsetIndex().positionFor(offset);
    }

    /**
     * Walks to the offset. A batch's last offset is believed where its count of records or its checksum confirms it, but
     * asked for that only where it matters: else a bit that turned in it would have a reader pass over records, or keep
     * him from those behind it.
     */
    private int find(long offset, int from, int end, boolean orInDoubt) throws IOException {
        BatchScanner scanner = new BatchScanner(segment.channel(), from, end, LOOK_BYTES);
        int inDoubt = NONE; // the batch before, where the offset may be in it whatever it says
        while (scanner.next()) {
            if (scanner.baseOffset() > offset) {
                return orElse(inDoubt, scanner.position(), orInDoubt);
            }
            if (scanner.lastOffset() >= offset && scanner.endsWhereItSays()) {
                return scanner.position();
            }
            inDoubt = scanner.isDense() ? NONE : scanner.position();
        }
        return orElse(inDoubt, stoppedAt(scanner, end), orInDoubt);
    }

    /** The position, if the batch in doubt ends where it says: before the offset. */
    private int orElse(int inDoubt, int position, boolean orInDoubt) throws IOException {
        if (inDoubt == NONE) {
            return position;
        }
        BatchScanner scanner = segment.scanFrom(inDoubt);
        if (scanner.next() && scanner.isIntact()) {
            return position;
        }
        if (orInDoubt) {
            return inDoubt;
        }
        throw new CorruptSegmentException("Expected an intact batch at position " + inDoubt + " of "
                + segment.file(SegmentFiles.LOG) + ", but its checksum does not fit, nor its last offset its records");
    }

    /**
     * Where the last whole batch ends that lies within {@code maxBytes} of the start.
     *
     * @param atLeastOne returns the end of the first batch where that is larger
     */
    Cut endOfWholeBatches(int start, int end, int maxBytes, boolean atLeastOne) throws IOException {
        if (maxBytes >= end - start) {
            return new Cut(end, Cut.UNKNOWN);
        }
        segment.checkIndexes();
        int from = Math.max(start, segment.offsetIndex().positionBefore(start + Math.max(0, maxBytes)));
        BatchScanner scanner = new BatchScanner(segment.channel(), from, end, LOOK_BYTES);
        int whole = from;
        long nextOffset = Cut.UNKNOWN;
        while (scanner.next()) {
            int next = scanner.nextPosition();
            if (next - start > maxBytes) {
                if (whole == start && atLeastOne) {
                    return new Cut(next, scanner.lastOffset() + 1);
                }
                boolean isFirst = nextOffset == Cut.UNKNOWN && !scanner.isLegacy();
                return new Cut(whole, isFirst ? scanner.baseOffset() : nextOffset);
            }
            whole = next;
            nextOffset = scanner.lastOffset() + 1;
        }
        return new Cut(Math.max(whole, stoppedAt(scanner, end)), Cut.UNKNOWN);
    }

    /**
     * Whether {@link #endOfWholeBatches} from that position on finds its end without touching the disk. The file is open.
     *
     * @param indexesAreGood whether the indexes are whole
     */
    boolean isAtHand(int start, int maxBytes, boolean indexesAreGood) {
        int end = segment.bytes();
        if (maxBytes >= end - start) {
            return segment.pages().isWatched();
        }
        int from = indexesAreGood
                ? segment.offsetIndex().positionInMemoryBefore(start + maxBytes)
                : OffsetIndex.NOT_IN_MEMORY;
        if (from == OffsetIndex.NOT_IN_MEMORY) {
            return false;
        }
        int first = Math.max(start, from);
        return segment.pages().isResident(first, Math.min(end, start + maxBytes + LOOK_BYTES) - first);
    }

    private int stoppedAt(BatchScanner scanner, int end) throws IOException {
        if (scanner.position() < end && scanner.position() < segment.bytes()) {
            throw new CorruptSegmentException("Expected a batch at position " + scanner.position() + " of "
                    + segment.file(SegmentFiles.LOG) + ", but what stands there is none");
        }
        return end;
    }
}
