package io.ottla.storage;

import io.ottla.record.LegacyRecords;
import io.ottla.record.RecordIterator;
import io.ottla.types.LeaderEpoch;
import java.io.IOException;
import java.util.Arrays;

/** Finds records by their timestamps, for ListOffsets (KIP-79, KIP-734). Blocks; on the read pool. */
final class TimestampSearch {
    static final long EARLIEST = -2;
    static final long MAX_TIMESTAMP = -3;
    static final long EARLIEST_LOCAL = -4;

    private final LogState log;

    TimestampSearch(LogState log) {
        this.log = log;
    }

    TimestampOffset find(long timestamp, long upTo) throws IOException {
        if (timestamp == EARLIEST || timestamp == EARLIEST_LOCAL) {
            return earliest();
        }
        return timestamp == MAX_TIMESTAMP
                ? largest(upTo)
                : timestamp < 0 ? TimestampOffset.NONE : first(timestamp, upTo);
    }

    private TimestampOffset earliest() {
        long start = log.logStart;
        return new TimestampOffset(-1, start, epochAt(start));
    }

    private LeaderEpoch epochAt(long offset) {
        return new LeaderEpoch(log.epochs.epochAt(offset));
    }

    private TimestampOffset first(long timestamp, long upTo) throws IOException {
        LogSegment[] segments = log.segments;
        int i = LogState.floor(segments, log.logStart);
        while (i < segments.length) {
            LogSegment segment = segments[i++];
            if (segment.largestTimestamp() < timestamp) {
                continue;
            }
            if (segment.acquire()) {
                try {
                    TimestampOffset found = firstIn(segment, timestamp, upTo);
                    if (found != null) {
                        return found;
                    }
                } finally {
                    segment.release();
                }
            } else if (!Arrays.equals(segments, log.segments)) {
                segments = log.segments; // another has taken its place
                i = LogState.floor(segments, log.logStart);
            }
        }
        return TimestampOffset.NONE;
    }

    private TimestampOffset firstIn(LogSegment segment, long timestamp, long upTo) throws IOException {
        segment.checkIndexes();
        long from = segment.timeIndex().lookup(timestamp).offset();
        BatchScanner scanner = segment.scanFrom(segment.offsetIndex().positionFor(from));
        while (scanner.next() && scanner.baseOffset() < upTo) {
            if (scanner.maxTimestamp() >= timestamp && scanner.lastOffset() >= log.logStart) {
                TimestampOffset found = inBatch(scanner, timestamp, upTo);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    /** The first record of the largest timestamp. */
    private TimestampOffset largest(long upTo) throws IOException {
        LogSegment[] segments = log.segments;
        LogSegment best = null;
        for (int i = LogState.floor(segments, log.logStart); i < segments.length; i++) {
            if (segments[i].bytes() > 0 && (best == null || segments[i].largestTimestamp() > best.largestTimestamp())) {
                best = segments[i];
            }
        }
        if (best == null || best.largestTimestamp() < 0) {
            return TimestampOffset.NONE;
        }
        return first(best.largestTimestamp(), upTo);
    }

    private TimestampOffset inBatch(BatchScanner scanner, long timestamp, long upTo) throws IOException {
        if (!scanner.isIntact()) {
            throw new CorruptSegmentException(
                    "Expected an intact batch at offset " + scanner.baseOffset() + ", but its checksum does not fit");
        }
        long start = log.logStart;
        int maxRecordBytes = log.properties.maxDecompressedMessageBytes();
        if (scanner.isLegacy()) {
            LegacyRecords records = new LegacyRecords().within(maxRecordBytes).over(scanner.legacy());
            while (records.next()) {
                if (records.timestamp() >= timestamp && records.offset() >= start && records.offset() < upTo) {
                    return new TimestampOffset(records.timestamp(), records.offset(), epochAt(records.offset()));
                }
            }
            return null;
        }
        RecordIterator records = new RecordIterator().within(maxRecordBytes).over(scanner.batch());
        while (records.next()) {
            if (records.timestamp() >= timestamp && records.offset() >= start && records.offset() < upTo) {
                return new TimestampOffset(records.timestamp(), records.offset(), epochAt(records.offset()));
            }
        }
        return null;
    }
}
