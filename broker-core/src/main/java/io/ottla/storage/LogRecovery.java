package io.ottla.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds where a log ends. After a clean stop that is the end of its last segment. Else all segments behind the recovery
 * point are read: what follows the first batch that is not whole and intact is cut, and indexes are built anew. Blocks.
 */
final class LogRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(LogRecovery.class);

    private LogRecovery() {}

    /**
     * Sets the log's end.
     *
     * @return base offset of the first segment that was read whole; {@link Long#MAX_VALUE} where none was
     */
    static long recover(LogState log, LogOpener.Known known, RecoveryProgress progress) throws IOException {
        LogSegment active = log.active();
        if (known.clean() && endsWell(active)) {
            active.open(log.properties.segmentIndexBytes());
            log.end = new LogEnd(endOf(active), active, active.bytes());
            log.recoveryPoint = log.end.offset();
            log.epochs.truncateFromEnd(log.end.offset());
            log.snapshots.deleteAfter(log.end.offset()); // of a cut between two batches, which only memory knew
            return Long.MAX_VALUE;
        }
        return readBehindRecoveryPoint(log, known, progress);
    }

    /** Whether whole batches fill the segment, and its transactions are known. */
    private static boolean endsWell(LogSegment active) throws IOException {
        try {
            active.transactionIndex().entries();
        } catch (MalformedFileException e) {
            LOG.error("{}. The segment is read instead", e.getMessage());
            return false;
        }
        active.checkIndexes();
        BatchScanner scanner = active.scanFrom(active.offsetIndex().lastPosition());
        int end = scanner.position();
        while (scanner.next()) {
            end = scanner.nextPosition();
        }
        return end == active.bytes();
    }

    private static long endOf(LogSegment segment) throws IOException {
        BatchScanner scanner = segment.scanFrom(segment.offsetIndex().lastPosition());
        long end = segment.baseOffset();
        while (scanner.next()) {
            end = scanner.lastOffset() + 1;
        }
        return end;
    }

    private static long readBehindRecoveryPoint(LogState log, LogOpener.Known known, RecoveryProgress progress)
            throws IOException {
        LogSegment[] found = log.segments;
        long from = Math.max(0, known.recoveryPoint());
        int first = LogState.floor(found, from);
        progress.segmentsFound(found.length - first);
        log.epochs.truncateFromEnd(Math.max(found[first].baseOffset(), 0));
        prepareStates(log, found[first].baseOffset());
        int last = first;
        long end = found[first].baseOffset();
        for (int i = first; i < found.length; i++) {
            Recovered one = read(log, found[i], end);
            end = one.end;
            last = i;
            progress.segmentRecovered();
            if (i + 1 < found.length && (!one.whole || isHole(log, end, found[i + 1].baseOffset()))) {
                setAside(log, Arrays.asList(found).subList(i + 1, found.length), end);
                for (int skipped = i + 1; skipped < found.length; skipped++) {
                    progress.segmentRecovered();
                }
                break;
            }
        }
        LogSegment active = found[last];
        log.segments = Arrays.copyOf(found, last + 1);
        active.open(log.properties.segmentIndexBytes());
        log.end = new LogEnd(end, active, active.bytes());
        log.recoveryPoint = Math.min(from, end);
        log.snapshots.deleteAfter(end);
        return found[first].baseOffset();
    }

    /** Whether batches are missing before the next segment: only compaction leaves such gaps rightly. */
    private static boolean isHole(LogState log, long end, long nextBase) {
        return nextBase > end && !log.properties.compact();
    }

    /** Brings producers to where they were at the offset, so that aborted transactions are indexed rightly. */
    private static void prepareStates(LogState log, long offset) throws IOException {
        log.end = new LogEnd(offset, log.segments[0], 0);
        log.logStart = Math.min(log.segments[0].baseOffset(), offset);
        LogSegment[] all = log.segments;
        log.segments = Arrays.copyOf(all, Math.max(1, LogState.floor(all, offset)));
        if (log.segments[0].baseOffset() < offset) {
            ProducerReplay.reload(log);
        } else {
            log.snapshots.restore(log.producers, offset, log.folder.clock().wallMs());
        }
        log.segments = all;
    }

    /**
     * How a segment was found.
     *
     * @param end offset after its last good batch
     * @param whole whether nothing had to be cut
     */
    private record Recovered(long end, boolean whole) {}

    private static Recovered read(LogState log, LogSegment segment, long begin) throws IOException {
        long end = Math.max(begin, segment.baseOffset());
        long next = segment.baseOffset();
        segment.resetIndexes();
        List<TransactionIndex.Entry> aborted = new ArrayList<>();
        BatchScanner scanner = segment.scan();
        while (scanner.next()) {
            long last = scanner.lastOffset();
            if (last < next || !segment.canHold(last) || !scanner.isIntact()) {
                break;
            }
            segment.noteFound(scanner);
            log.epochs.assign(scanner.leaderEpoch(), scanner.baseOffset());
            TransactionRepair.learn(scanner, log.producers, aborted);
            next = last + 1;
            end = next;
        }
        int position = scanner.position();
        int before = segment.bytes();
        if (position < before) {
            LOG.warn(
                    "Cutting {} bytes of {} after offset {}: no whole and intact batch begins at position {}",
                    before - position,
                    segment,
                    end - 1,
                    position);
        }
        segment.cutAt(position);
        segment.trustIndexes();
        segment.finish();
        segment.transactionIndex().replace(aborted);
        segment.offsetIndex().write();
        segment.timeIndex().write();
        return new Recovered(end, position == before);
    }

    /** Segments behind a cut are no longer part of the log. */
    private static void setAside(LogState log, List<LogSegment> segments, long end) throws IOException {
        LOG.warn("Deleting {} of {}: they follow the cut at offset {}", segments, log.topicPartition, end);
        new SegmentDeletion(log).delete(segments.reversed());
    }

    /** Learns the epochs from all batches: the file was missing or could not be understood. */
    static void rebuildEpochs(LogState log) throws IOException {
        log.epochs.clear();
        for (LogSegment segment : log.segments) {
            BatchScanner scanner = segment.scan();
            while (scanner.next()) {
                log.epochs.assign(scanner.leaderEpoch(), scanner.baseOffset());
            }
        }
        log.epochs.write();
    }
}
