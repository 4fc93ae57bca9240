package io.ottla.storage;

import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks whether a segment's indexes, found on disk, can be trusted, and builds them again where not. */
final class IndexRepair {
    private static final Logger LOG = LoggerFactory.getLogger(IndexRepair.class);
    /** A search walks over so many bytes without ado; another index.interval.bytes than today's is no fault. */
    private static final long UNINDEXED_BYTES = 64 * 1024;

    private IndexRepair() {}

    /** Leaves the segment with indexes that are whole. Reads the whole segment only where they are not. */
    static void makeGood(LogSegment segment, Path file, int indexIntervalBytes) throws IOException {
        String fault = fault(segment, indexIntervalBytes);
        if (fault == null) {
            return;
        }
        LOG.info("Building the indexes of {} again: {}", file, fault);
        segment.resetIndexes();
        BatchScanner scanner = segment.scan();
        while (scanner.next()) {
            if (scanner.endsWhereItSays()) {
                segment.noteFound(scanner);
            }
        }
        segment.finish();
        segment.offsetIndex().write();
        segment.timeIndex().write();
    }

    /** What is wrong with the indexes; null where nothing is. */
    private static String fault(LogSegment segment, int indexIntervalBytes) throws IOException {
        OffsetIndex offsets = segment.offsetIndex();
        TimeIndex times = segment.timeIndex();
        if (segment.bytes() == 0) {
            return offsets.entries() > 0 || times.entries() > 0 ? "the segment is empty and they are not" : null;
        }
        int count = offsets.entries();
        if (count > 0) {
            if (offsets.lastPosition() >= segment.bytes() || offsets.lastPosition() <= 0) {
                return "the last position is " + offsets.lastPosition() + " of " + segment.bytes();
            }
            if (offsets.lastOffset() <= segment.baseOffset()) {
                return "the last offset is " + offsets.lastOffset();
            }
            if (count > 1 && offsets.offsetAt(count - 2) >= offsets.lastOffset()) {
                return "offsets do not ascend";
            }
        }
        BatchScanner rest = segment.scanFrom(offsets.lastPosition());
        int batches = 0;
        int since = 0;
        long largest = -1;
        while (rest.next()) {
            if (batches == 0 && count > 0 && rest.lastOffset() != offsets.lastOffset()) {
                return "the last entry names offset " + offsets.lastOffset() + " where " + rest.lastOffset() + " is";
            }
            if (batches > 0 && since > Math.max(UNINDEXED_BYTES, 2L * indexIntervalBytes) + rest.bytes()) {
                return "they end at position " + offsets.lastPosition() + " of " + segment.bytes();
            }
            since += rest.bytes();
            batches++;
            largest = Math.max(largest, rest.maxTimestamp());
        }
        TimeIndex.Entry last = times.last();
        return largest > last.timestamp() || times.entries() > 0 && last.offset() < segment.baseOffset()
                ? "the time index ends at " + last.timestamp() + " before " + largest
                : null;
    }
}
