package io.ottla.storage;

import io.ottla.config.TopicProperties;
import io.ottla.record.CorruptRecords;
import io.ottla.record.OversizedRecord;
import io.ottla.types.TopicPartition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log as its compaction sees it: whether it is due, what is known from the last time, whether it was set aside. One cleaner
 * thread at a time compacts it; anybody may ask.
 */
final class LogCompaction {
    private static final Logger LOG = LoggerFactory.getLogger(LogCompaction.class);
    private static final long UNKNOWN = -1;
    private static final long IN_ORDER = 0;

    private final LogState log;
    private final LogFlush flush;
    private final LogWriter writer;
    private final SegmentDeletion deletion;
    private final Runnable suspicion;
    private final long openedMs;
    /** When the first tombstone or marker may go that the last pass has left; {@link #UNKNOWN} before the first one. */
    private volatile long earliestHorizonMs = UNKNOWN;

    /**
     * It is set aside while the limit of records is less than this, bytes: {@link #IN_ORDER} where no pass has failed,
     * {@link Long#MAX_VALUE} where no limit would help.
     */
    private volatile long neededBytes = IN_ORDER;

    /** @param suspicion told where the log may be damaged */
    LogCompaction(LogState log, LogFlush flush, LogWriter writer, SegmentDeletion deletion, Runnable suspicion) {
        this.log = log;
        this.flush = flush;
        this.writer = writer;
        this.deletion = deletion;
        this.suspicion = suspicion;
        this.openedMs = log.folder.clock().wallMs();
    }

    /** What is to be said of a log. */
    record Need(CleanableStretch stretch, long overdueMs, boolean isDue) {}

    /** Whether the log's policy asks for compaction and nothing is in its way. */
    boolean isWanted() {
        return log.properties.compact() && log.isUsable() && !log.isKeptWhole && !isSetAside();
    }

    /** Looks at the log. Blocks where it has to look into indexes. */
    Need look() throws IOException {
        TopicProperties properties = log.properties;
        long now = log.folder.clock().wallMs();
        rollWhatIsOverdue(properties, now);
        CleanableStretch stretch = stretch(log.segments, limit(), properties, now);
        long overdue = stretch.dirtyBytes() == 0 ? 0 : overdueMs(stretch, properties, now);
        boolean isDue =
                stretch.dirtyBytes() > 0 && (overdue > 0 || stretch.dirtyRatio() > properties.minCleanableDirtyRatio())
                        || hasExpired(stretch, properties, now);
        return new Need(stretch, overdue, isDue);
    }

    /** Else what stands in the active segment would never be compacted where nothing more is written. */
    private void rollWhatIsOverdue(TopicProperties properties, long now) throws IOException {
        LogSegment active = log.active();
        if (active.bytes() == 0
                || properties.maxCompactionLagMs() == Long.MAX_VALUE
                || now - active.createdMs() <= properties.maxCompactionLagMs()) {
            return;
        }
        long first = active.firstTimestamp();
        if (first >= 0 && now - first > properties.maxCompactionLagMs()) {
            writer.rollActive();
        }
    }

    private CleanableStretch stretch(LogSegment[] segments, long limit, TopicProperties properties, long now)
            throws IOException {
        long cleanedTo = log.cleanedTo;
        int first = LogState.floor(segments, cleanedTo);
        List<CleanableStretch.Segment> all = new ArrayList<>(segments.length - 1);
        for (int i = 0; i < segments.length - 1; i++) {
            LogSegment segment = segments[i];
            boolean isRipe = properties.minCompactionLagMs() == 0
                    || i < first
                    || now - segment.largestTimestamp() >= properties.minCompactionLagMs();
            all.add(new CleanableStretch.Segment(segment.baseOffset(), segment.bytes(), isRipe));
        }
        return CleanableStretch.of(
                all, segments[segments.length - 1].baseOffset(), log.logStart, cleanedTo, log.end.offset(), limit);
    }

    /** No record at or past it is compacted: it may be cut yet, or what becomes of its transaction is not known. */
    private long limit() {
        long watermark = log.highWatermark;
        long unstable = log.firstUnstable;
        return unstable < 0 ? watermark : Math.min(watermark, unstable);
    }

    private long overdueMs(CleanableStretch stretch, TopicProperties properties, long now) throws IOException {
        if (properties.maxCompactionLagMs() == Long.MAX_VALUE) {
            return 0;
        }
        long earliest = Long.MAX_VALUE;
        LogSegment[] segments = log.segments;
        for (int i = LogState.floor(segments, stretch.firstDirty()); i < segments.length - 1; i++) {
            long first = segments[i].baseOffset() < stretch.upTo() && segments[i].acquire() ? first(segments[i]) : -1;
            earliest = first < 0 ? earliest : Math.min(earliest, first);
        }
        return earliest == Long.MAX_VALUE ? 0 : Math.max(0, now - earliest - properties.maxCompactionLagMs());
    }

    private static long first(LogSegment acquired) throws IOException {
        try {
            return acquired.firstTimestamp();
        } finally {
            acquired.release();
        }
    }

    /**
     * Whether tombstones or markers may go, though nothing new came. Which ones a former process has left is not known: all
     * of them may go once this one has run for as long as they are kept.
     */
    private boolean hasExpired(CleanableStretch stretch, TopicProperties properties, long now) {
        if (stretch.cleanBytes() == 0) {
            return false;
        }
        long horizon = earliestHorizonMs;
        return horizon == UNKNOWN ? now - openedMs > properties.deleteRetentionMs() : horizon <= now;
    }

    /**
     * Begins a pass; null where there is nothing to compact. Goes by nothing that a power failure may take yet: by no segment
     * and by no marker that was appended after what there was has been brought to disk. Blocks.
     */
    LogCleaning begin(LogCleaning.Means means) throws IOException {
        neededBytes = IN_ORDER;
        log.flushLock.lock(); // neither cut nor deleted from meanwhile
        try {
            long limit = limit();
            return begin(means, Math.min(limit, flush.settle()));
        } finally {
            log.flushLock.unlock();
        }
    }

    private LogCleaning begin(LogCleaning.Means means, long limit) throws IOException {
        int truncations = log.truncations;
        LogSegment[] segments = log.segments;
        CleanableStretch stretch =
                stretch(segments, limit, log.properties, log.folder.clock().wallMs());
        List<LogSegment> chosen = Arrays.stream(segments)
                .filter(segment -> segment.baseOffset() < stretch.upTo())
                .toList();
        if (chosen.isEmpty()) {
            return null;
        }
        LastOfProducers lasts = new LastOfProducers(ProducerReplay.at(log, segments, stretch.upTo()));
        return new LogCleaning(log, this, new SegmentSwap(log, deletion), chosen, stretch, lasts, truncations, means);
    }

    /** A pass has come to its end; false where the log was cut meanwhile. */
    boolean done(long cleanedTo, long horizonMs, int truncations) {
        log.flushLock.lock();
        try {
            if (!log.isUsable() || truncations != log.truncations) {
                return false;
            }
            log.cleanedTo = Math.max(log.cleanedTo, cleanedTo);
            earliestHorizonMs = horizonMs;
            log.folder.keepCleanedOffsets();
            return true;
        } finally {
            log.flushLock.unlock();
        }
    }

    /**
     * It can't be compacted: it is left as it is until the next start, until damage has been cut and fetched again, or until
     * the topic allows the record that is too large for it. Others go on.
     */
    void setAside(Throwable why) {
        if (why instanceof OversizedRecord record) {
            neededBytes = record.recordBytes();
            LOG.error(
                    "Compaction of {} failed and is not tried again before the limit is raised: {}. The log itself"
                            + " goes on as it is, and grows",
                    log.topicPartition,
                    why.getMessage());
            return;
        }
        neededBytes = Long.MAX_VALUE;
        LOG.error(
                "Compaction of {} failed and is not tried again before the next start: {}. The log itself goes on as it"
                        + " is, and grows; deleting the records below the fault, or the replica's folder, mends it."
                        + " Where others are in sync, this replica fetches what is damaged from them",
                log.topicPartition,
                why.getMessage() == null ? why.toString() : why.getMessage());
        LOG.debug("Compaction of {} failed", log.topicPartition, why);
        if (why instanceof CorruptSegmentException || why instanceof CorruptRecords) {
            suspicion.run();
        }
    }

    /** Damage that there was has been cut: what stood in its way is gone. */
    void mended() {
        if (neededBytes == Long.MAX_VALUE) {
            neededBytes = IN_ORDER;
        }
    }

    boolean isSetAside() {
        return log.properties.maxDecompressedMessageBytes() < neededBytes;
    }

    /** Bytes of segments that no pass has seen, but for the active one. */
    long dirtyBytes() {
        LogSegment[] segments = log.segments;
        long bytes = 0;
        for (int i = LogState.floor(segments, log.cleanedTo); i < segments.length - 1; i++) {
            bytes += segments[i].bytes();
        }
        return bytes;
    }

    /** A disk error, unless the log was closed meanwhile. */
    void failed(IOException e) {
        log.failed("Compaction", e);
    }

    TopicPartition topicPartition() {
        return log.topicPartition;
    }

    DiskFolder folder() {
        return log.folder;
    }

    @Override
    public String toString() {
        return log.topicPartition.toString();
    }
}
