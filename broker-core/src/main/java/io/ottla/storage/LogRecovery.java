package io.ottla.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds where a log ends. After a clean stop that is the end of its last segment. Else all segments behind the recovery
 * point are read: what follows the last batch that is whole and intact is cut, and indexes are built anew. Blocks.
 *
 * <p>A batch whose checksum does not fit, and behind which whole and intact ones go on, is no torn end: it was written, and a
 * bit has turned, or its page was lost. Neither is one that is known to have been committed. It is left where it is, and the
 * log counts as damaged from there on: others may have it, and what is behind it perhaps nobody else.
 *
 * <p>Offsets may be missing between two segments: compaction leaves such gaps, and a topic keeps them when it is compacted
 * no more. A gap is a loss only where the power failed before the earlier segment was wholly on disk, and the later one
 * was there already. That can be told: a segment that is begun stands {@linkplain LogSegment#isAlone() alone}, and gets
 * its first companion file when all segments before it are on disk. So what a flush acknowledged is never taken for what
 * follows a loss, and neither is what Kafka wrote.
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

    /** Whether whole batches fill the segment, the last one ends where it says, and its transactions are known. */
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
        int last = end;
        while (scanner.next()) {
            last = scanner.position();
            end = scanner.nextPosition();
        }
        BatchScanner again = active.scanFrom(last);
        return end == active.bytes() && (!again.next() || again.endsWhereItSays());
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
        while (true) {
            LogSegment next = last + 1 < found.length ? found[last + 1] : null;
            Whole whole = read(log, found[last], end, next == null ? Long.MAX_VALUE : next.baseOffset());
            whole = withBadTail(whole, next, known);
            end = whole.end;
            if (whole.damagedFrom >= 0) {
                noteDamage(log, found[last], whole.damagedFrom);
            }
            progress.segmentRecovered();
            if (next == null || isLoss(found[last], whole, next)) {
                setAside(log, Arrays.asList(found).subList(last + 1, found.length), end, progress);
                keep(found[last], whole);
                break;
            }
            keep(found[last], whole);
            found[last].seal();
            last++;
        }
        LogSegment active = found[last];
        log.segments = Arrays.copyOf(found, last + 1);
        active.open(log.properties.segmentIndexBytes());
        log.end = new LogEnd(end, active, active.bytes());
        log.recoveryPoint = Math.min(Math.max(from, active.baseOffset()), end);
        log.snapshots.deleteAfter(end);
        return found[first].baseOffset();
    }

    /** With the bad batches at a segment's end, where they are no torn end. */
    private static Whole withBadTail(Whole whole, LogSegment next, LogOpener.Known known) {
        if (whole.badTail == 0) {
            return whole;
        }
        if (next != null && whole.tailEnd == next.baseOffset() || next == null && whole.end < known.committed()) {
            return whole.tailEnd > whole.end ? whole.withBadTail(whole.tailEnd) : whole;
        }
        return next != null && !next.isAlone() ? whole.withBadTail(whole.end) : whole; // all of it was on disk
    }

    private static void noteDamage(LogState log, LogSegment segment, long offset) {
        LOG.error(
                "{} holds a batch behind offset {} that is not as it was written, with others behind it: it is kept, and fetched"
                        + " again where another replica has it",
                segment,
                offset - 1);
        if (log.damagedFrom < 0) {
            log.damagedFrom = offset;
        }
    }

    /** Whether batches are missing before the next segment that were there when it was begun. */
    private static boolean isLoss(LogSegment segment, Whole whole, LogSegment next) {
        return whole.end < next.baseOffset() && (whole.bytes < segment.bytes() || next.isAlone());
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
            log.snapshots.restore(
                    log.producers,
                    log.segments[0].baseOffset(),
                    offset,
                    log.folder.clock().wallMs());
        }
        log.segments = all;
    }

    /**
     * What of a segment is good.
     *
     * @param end offset after its last good batch
     * @param bytes up to there
     * @param damagedFrom offset after the last good batch before the first bad one that others follow; -1 where there is none
     * @param badTail bytes of bad batches behind, which fill the segment; 0 where there are none, or it ends otherwise
     * @param tailEnd offset after these, as far as it can be believed; -1 where it can't
     * @param aborted transactions whose markers lie before
     */
    private record Whole(
            long end, int bytes, long damagedFrom, int badTail, long tailEnd, List<TransactionIndex.Entry> aborted) {
        Whole withBadTail(long newEnd) {
            return new Whole(newEnd, bytes + badTail, damagedFrom < 0 ? end : damagedFrom, 0, -1, aborted);
        }
    }

    /** Reads a segment up to its last good batch, or one that the next segment begins with. Changes no batch. */
    private static Whole read(LogState log, LogSegment segment, long begin, long nextBase) throws IOException {
        long end = Math.max(begin, segment.baseOffset());
        long next = segment.baseOffset();
        segment.resetIndexes();
        List<TransactionIndex.Entry> aborted = new ArrayList<>();
        BatchScanner scanner = segment.scan();
        int bytes = 0;
        int bad = 0;
        long damagedFrom = -1;
        long tailEnd = -1;
        while (scanner.next()) {
            if (!scanner.isIntact()) {
                if (!scanner.isLegacy() && scanner.batch().isControl()) {
                    break; // what a transaction came to must not be passed over
                }
                tailEnd = scanner.isDense() && scanner.baseOffset() >= next + bad ? scanner.lastOffset() + 1 : -1;
                bad++;
                continue;
            }
            long last = scanner.lastOffset();
            if (bad > 0 && scanner.baseOffset() < next + bad
                    || last < next
                    || last >= nextBase
                    || !segment.canHold(last)) {
                break;
            }
            if (bad > 0) {
                damagedFrom = damagedFrom < 0 ? next : damagedFrom;
                bad = 0;
            }
            segment.noteFound(scanner);
            log.epochs.assign(scanner.leaderEpoch(), scanner.baseOffset());
            TransactionRepair.learn(scanner, log.producers, aborted);
            next = last + 1;
            end = next;
            bytes = scanner.nextPosition();
        }
        int badTail = bad > 0 && scanner.nextPosition() == segment.bytes() ? segment.bytes() - bytes : 0;
        return new Whole(end, bytes, damagedFrom, badTail, tailEnd, aborted);
    }

    /** Cuts what is not good, and brings the new indexes to their files. All segments before this one are on disk. */
    private static void keep(LogSegment segment, Whole whole) throws IOException {
        int cut = segment.bytes() - whole.bytes;
        if (cut > 0) {
            LOG.warn(
                    "Cutting {} bytes of {} after offset {}: no whole and intact batch follows position {}",
                    cut,
                    segment,
                    whole.end - 1,
                    whole.bytes);
        }
        segment.cutAt(whole.bytes);
        segment.trustIndexes();
        segment.finish();
        segment.transactionIndex().replace(whole.aborted);
        segment.offsetIndex().write();
        segment.timeIndex().write();
    }

    /** Segments behind a loss are no longer part of the log. */
    private static void setAside(LogState log, List<LogSegment> segments, long end, RecoveryProgress progress)
            throws IOException {
        if (segments.isEmpty()) {
            return;
        }
        LOG.warn(
                "Deleting {} of {}: what was before them is lost from offset {} on", segments, log.topicPartition, end);
        new SegmentDeletion(log).delete(segments.reversed());
        segments.forEach(segment -> progress.segmentRecovered());
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
