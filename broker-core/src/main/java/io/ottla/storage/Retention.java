package io.ottla.storage;

import io.ottla.config.TopicProperties;
import io.ottla.types.Amount;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what a topic need not keep: below the log start, too old, or too much. The oldest segments first, none past
 * the high watermark, never the active one: where that is too old, the log goes on in a new one first. Blocks.
 */
final class Retention {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    private final LogState log;
    private final LogWriter writer;
    private final SegmentDeletion deletion;

    Retention(LogState log, LogWriter writer, SegmentDeletion deletion) {
        this.log = log;
        this.writer = writer;
        this.deletion = deletion;
    }

    /** Deletes what may go; returns how many segments went. */
    int run() throws IOException {
        log.flushLock.lock();
        try {
            if (!log.isUsable()) {
                return 0;
            }
            long now = log.folder.clock().wallMs();
            int doomed = count(log.segments, now);
            if (doomed == log.segments.length) {
                writer.rollActive();
            }
            doomed = Math.min(doomed, log.segments.length - 1);
            if (doomed > 0) {
                remove(doomed);
            }
            return Math.max(0, doomed);
        } finally {
            log.flushLock.unlock();
        }
    }

    /** Segments that may go, from the oldest; all of them where even the active one is too old. */
    private int count(LogSegment[] segments, long now) throws IOException {
        TopicProperties properties = log.properties;
        long tooMuch = properties.delete() && properties.retentionBytes() >= 0
                ? total(segments) - properties.retentionBytes()
                : 0;
        int doomed = 0;
        while (doomed < segments.length) {
            LogSegment segment = segments[doomed];
            boolean active = doomed == segments.length - 1;
            long end = active ? log.end.offset() : segments[doomed + 1].baseOffset();
            if (end > log.highWatermark || active && segment.bytes() == 0) {
                break;
            }
            boolean belowStart = !active && end <= log.logStart;
            boolean tooOld = properties.delete()
                    && properties.retentionMs() >= 0
                    && now - segment.ageTimestamp() > properties.retentionMs();
            boolean tooLarge = tooMuch > 0 && tooMuch >= segment.bytes();
            if (!belowStart && !tooOld && !tooLarge) {
                break;
            }
            tooMuch -= segment.bytes();
            doomed++;
        }
        return doomed;
    }

    private static long total(LogSegment[] segments) {
        long total = 0;
        for (LogSegment segment : segments) {
            total += segment.bytes();
        }
        return total;
    }

    private void remove(int doomed) throws IOException {
        List<LogSegment> gone;
        log.writeLock.lock();
        try {
            LogSegment[] now = log.segments;
            gone = Arrays.asList(now).subList(0, doomed);
            long start = now[doomed].baseOffset();
            if (start > log.logStart) {
                log.logStart = start;
            }
            log.segments = Arrays.copyOfRange(now, doomed, now.length);
            log.epochs.truncateFromStart(log.logStart);
        } finally {
            log.writeLock.unlock();
        }
        LogSegment[] left = log.segments;
        LOG.info(
                "Deleting {} of {}, {} bytes, offsets {} to {}: the log starts at {} now",
                Amount.of(gone.size(), "segment"),
                log.topicPartition,
                total(gone.toArray(LogSegment[]::new)),
                gone.getFirst().baseOffset(),
                left[0].baseOffset() - 1,
                log.logStart);
        LOG.debug("Deleting {}", gone);
        deletion.delete(gone);
        log.epochs.write();
        log.snapshots.deleteBefore(log.segments[0].baseOffset());
    }
}
