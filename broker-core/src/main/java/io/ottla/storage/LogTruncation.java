package io.ottla.storage;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one who cuts a log's end. Blocks; in the background, with both locks. */
final class LogTruncation {
    private static final Logger LOG = LoggerFactory.getLogger(LogTruncation.class);

    private final LogState log;
    private final SegmentDeletion deletion;

    LogTruncation(LogState log, SegmentDeletion deletion) {
        this.log = log;
        this.deletion = deletion;
    }

    /** Cuts all batches that end past the offset. */
    void truncateTo(long offset) throws IOException {
        log.flushLock.lock();
        log.writeLock.lock();
        try {
            if (!log.isUsable() || offset >= log.end.offset()) {
                return;
            }
            LogSegment[] now = log.segments;
            if (offset < now[0].baseOffset()) {
                startAt(offset);
                return;
            }
            cut(now, LogState.floor(now, offset), offset, active -> active.truncateTo(offset));
        } finally {
            log.writeLock.unlock();
            log.flushLock.unlock();
        }
    }

    /** Cuts the first batch that is not whole and intact, and all behind it, where that is at the offset or behind it. */
    void cutDamage(long offset) throws IOException {
        log.flushLock.lock();
        log.writeLock.lock();
        try {
            LogSegment[] now = log.segments;
            // a batch that is damaged may stand at the end of the segment before
            DamageSearch.Damage damage = log.isUsable() ? DamageSearch.find(now, Math.max(0, offset - 1)) : null;
            if (damage != null && damage.offset() < offset) {
                LOG.warn(
                        "{} is damaged at position {} of {} by now, before offset {}: it is not cut there",
                        log.topicPartition,
                        damage.position(),
                        now[damage.segment()],
                        offset);
            } else if (damage != null) {
                LOG.warn(
                        "{} is damaged at position {} of {}: it goes on from offset {}",
                        log.topicPartition,
                        damage.position(),
                        now[damage.segment()],
                        damage.offset());
                cut(now, damage.segment(), damage.offset(), active -> {
                    active.truncateAt(damage.position(), damage.offset());
                    return damage.offset();
                });
            }
        } finally {
            log.writeLock.unlock();
            log.flushLock.unlock();
        }
    }

    /** Cuts within a segment; returns the log's new end. */
    private interface Cut {
        long of(LogSegment segment) throws IOException;
    }

    private void cut(LogSegment[] now, int last, long offset, Cut how) throws IOException {
        LOG.info("Cutting {} from {} to {}", log.topicPartition, log.end.offset(), offset);
        log.truncations++;
        log.tail.clear();
        log.places = null;
        forgetCleaned(now[last].baseOffset());
        deletion.delete(Arrays.asList(now).subList(last + 1, now.length).reversed());
        LogSegment active = now[last];
        TransactionRepair.entries(log, now, last);
        long end = how.of(active);
        active.open(log.properties.segmentIndexBytes());
        log.recoveryPoint = Math.min(log.recoveryPoint, end);
        log.end = new LogEnd(end, active, active.bytes());
        log.segments = Arrays.copyOf(now, last + 1);
        log.logStart = Math.min(log.logStart, end);
        log.highWatermark = Math.min(log.highWatermark, end);
        log.epochs.truncateFromEnd(end);
        log.epochs.write();
        log.places = new ReadPlaces();
        log.snapshots.deleteAfter(end);
        ProducerReplay.reload(log);
    }

    /** On disk before anything is cut: what is appended there next must not pass for compacted after a crash. */
    private void forgetCleaned(long offset) {
        if (log.cleanedTo > offset) {
            log.cleanedTo = offset;
            log.folder.keepCleanedOffsets();
        }
    }

    /** Drops everything and goes on at the offset. */
    void startFullyAt(long offset) throws IOException {
        log.flushLock.lock();
        log.writeLock.lock();
        try {
            if (log.isUsable()) {
                startAt(offset);
            }
        } finally {
            log.writeLock.unlock();
            log.flushLock.unlock();
        }
    }

    private void startAt(long offset) throws IOException {
        LOG.info("Dropping all of {} and going on at {}", log.topicPartition, offset);
        log.truncations++;
        log.tail.clear();
        log.places = null;
        List<LogSegment> all = Arrays.asList(log.segments);
        forgetCleaned(Math.min(offset, all.getFirst().baseOffset()));
        deletion.delete(all.reversed());
        LogSegment active = Segments.create(log, offset);
        log.firstIsNamed = false;
        log.end = new LogEnd(offset, active, 0);
        log.segments = new LogSegment[] {active};
        log.places = new ReadPlaces();
        log.logStart = offset;
        log.highWatermark = offset;
        log.recoveryPoint = offset;
        log.epochs.clear();
        log.epochs.write();
        log.producers.clear();
        log.publishProducers();
        log.snapshots.deleteAfter(-1);
    }
}
