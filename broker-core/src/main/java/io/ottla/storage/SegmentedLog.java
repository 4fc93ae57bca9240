package io.ottla.storage;

import io.ottla.config.TopicProperties;
import io.ottla.record.CheckedBatches;
import io.ottla.record.CorruptRecords;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.protocol.Errors;

/** {@link PartitionLog} in Kafka's files. This class only hands out the work; see the parts. */
final class SegmentedLog implements PartitionLog {
    private final LogState log;
    private final LogReader reader;
    private final TimestampSearch search;
    private final LogFlush flush;
    private final SpareFile spare;
    private final LogWriter writer;
    private final LogTruncation truncation;
    private final Retention retention;
    private final LogCompaction compaction;

    SegmentedLog(LogState log) {
        this.log = log;
        this.reader = new LogReader(log);
        this.search = new TimestampSearch(log);
        this.flush = new LogFlush(log, this);
        this.spare = new SpareFile(log);
        this.writer = new LogWriter(log, flush, spare);
        SegmentDeletion deletion = new SegmentDeletion(log);
        this.truncation = new LogTruncation(log, deletion);
        this.retention = new Retention(log, writer, deletion);
        this.compaction = new LogCompaction(log, flush, writer, deletion, () -> suspect(log.logStart));
    }

    @Override
    public TopicPartition topicPartition() {
        return log.topicPartition;
    }

    @Override
    public TopicId topicId() {
        return log.topicId;
    }

    @Override
    public LogFolder folder() {
        return log.folder;
    }

    @Override
    public long logStartOffset() {
        return log.logStart;
    }

    @Override
    public long logEndOffset() {
        return log.end.offset();
    }

    @Override
    public long acknowledgeableOffset() {
        return flush.acknowledgeable();
    }

    @Override
    public OptionalLong firstUnstableOffset() {
        long first = log.firstUnstable;
        return first < 0 ? OptionalLong.empty() : OptionalLong.of(Math.max(first, log.logStart));
    }

    @Override
    public LeaderEpoch latestEpoch() {
        return new LeaderEpoch(log.epochs.latest());
    }

    @Override
    public long sizeBytes() {
        long bytes = 0;
        for (LogSegment segment : log.segments) {
            bytes += segment.bytes();
        }
        return bytes;
    }

    @Override
    public OptionalLong foundDamaged() {
        return log.damagedFrom < 0 ? OptionalLong.empty() : OptionalLong.of(log.damagedFrom);
    }

    @Override
    public boolean lacksCommitted() {
        return log.lacksCommitted;
    }

    @Override
    public TopicProperties properties() {
        return log.properties;
    }

    @Override
    public void reconfigure(TopicProperties properties) {
        log.properties = properties;
        flushWhatIsHeldBack();
    }

    /** Records that a flush policy holds back, be it by a restart or by a new policy, need no further append to be seen. */
    private void flushWhatIsHeldBack() {
        if (flush.acknowledgeable() < log.end.offset()) {
            flush.request();
        }
    }

    @Override
    public AppendResult appendAsLeader(CheckedBatches batches, LeaderEpoch epoch, AppendOrigin origin) {
        return writer.asLeader(batches, epoch, origin);
    }

    @Override
    public AppendResult appendAsFollower(ByteBuffer batches) {
        return writer.asFollower(batches);
    }

    @Override
    public ReadResult read(long fromOffset, long upToOffset, int maxBytes, boolean atLeastOneBatch) {
        ReadResult result = reader.read(fromOffset, upToOffset, maxBytes, atLeastOneBatch);
        if (result instanceof ReadResult.Refused refused && refused.failure().error() == Errors.CORRUPT_MESSAGE) {
            suspect(fromOffset);
        }
        return result;
    }

    @Override
    public boolean isHot(long fromOffset, long upToOffset, int maxBytes, boolean withAborted) {
        return reader.isHot(fromOffset, upToOffset, maxBytes, withAborted);
    }

    @Override
    public List<AbortedTransaction> abortedTransactions(long fromOffset, long upToOffset) {
        return reader.abortedTransactions(fromOffset, upToOffset);
    }

    @Override
    public CompletionStage<TimestampOffset> offsetForTimestamp(long timestamp, long upToOffset) {
        CompletableFuture<TimestampOffset> found = new CompletableFuture<>();
        log.folder.reads().execute(() -> {
            try {
                found.complete(search.find(timestamp, upToOffset));
            } catch (CorruptSegmentException e) {
                found.completeExceptionally(e);
                suspect(log.logStart);
            } catch (CorruptRecords e) {
                found.completeExceptionally(e);
            } catch (IOException e) {
                log.failed("A search by time", e);
                found.completeExceptionally(e);
            }
        });
        return found;
    }

    @Override
    public EpochEnd endOffsetOf(LeaderEpoch epoch) {
        return log.epochs.endOffsetOf(epoch.value(), log.end.offset());
    }

    @Override
    public LeaderEpoch epochAt(long offset) {
        return new LeaderEpoch(log.epochs.epochAt(offset));
    }

    @Override
    public void beginEpoch(LeaderEpoch epoch) {
        log.writeLock.lock();
        try {
            if (epoch.value() > 0) { // in the first epoch of all nobody led before
                log.producers.othersWillFollow();
            }
            if (log.epochs.assign(epoch.value(), log.end.offset())) {
                flush.writeEpochsSoon();
            }
        } finally {
            log.writeLock.unlock();
        }
    }

    @Override
    public void appendsWereRefused() {
        log.writeLock.lock();
        try {
            log.producers.othersWillFollow();
        } finally {
            log.writeLock.unlock();
        }
    }

    @Override
    public void advanceHighWatermark(long offset) {
        long reached = Math.min(offset, log.end.offset());
        if (reached <= log.highWatermark) {
            return;
        }
        log.highWatermark = reached;
        if (log.firstUnstable >= 0) {
            log.writeLock.lock();
            try {
                if (log.producers.replicated(reached)) {
                    log.publishFirstUnstable();
                }
            } finally {
                log.writeLock.unlock();
            }
        }
    }

    @Override
    public long highWatermark() {
        return log.highWatermark;
    }

    @Override
    public boolean advanceLogStart(long offset) {
        log.writeLock.lock();
        try {
            if (offset > log.highWatermark) {
                return false;
            }
            if (offset > log.logStart) {
                log.logStart = offset;
                log.epochs.truncateFromStart(offset);
                flush.writeEpochsSoon();
            }
            return true;
        } finally {
            log.writeLock.unlock();
        }
    }

    @Override
    public CompletionStage<Boolean> keepLogStart() {
        DiskFolder folder = log.folder;
        return folder.logStarts().request().thenApply(_ -> folder.isOnline());
    }

    @Override
    public CompletionStage<Void> truncateTo(long offset) {
        return background("A truncation", () -> truncation.truncateTo(offset));
    }

    @Override
    public CompletionStage<OptionalLong> findDamage(long fromOffset) {
        OptionalLong[] found = {OptionalLong.empty()};
        return background("A search for damage", () -> {
                    DamageSearch.Damage damage = log.isUsable() ? DamageSearch.find(log.segments, fromOffset) : null;
                    found[0] = damage == null ? OptionalLong.empty() : OptionalLong.of(damage.offset());
                })
                .thenApply(_ -> found[0]);
    }

    @Override
    public CompletionStage<Void> cutDamage(long offset) {
        return background("A cut of what is damaged", () -> {
            truncation.cutDamage(offset);
            compaction.mended();
        });
    }

    @Override
    public void lookThroughSoon() {
        log.folder.lookThroughSoon(this);
    }

    @Override
    public CompletionStage<Void> truncateFullyAndStartAt(long offset) {
        return background("A truncation", () -> truncation.startFullyAt(offset));
    }

    @Override
    public CompletionStage<Long> flush() {
        return flush.request();
    }

    @Override
    public List<ProducerView> activeProducers() {
        log.writeLock.lock();
        try {
            return log.producers.views();
        } finally {
            log.writeLock.unlock();
        }
    }

    @Override
    public void listen(Listener listener) {
        log.listener = listener;
        flushWhatIsHeldBack();
    }

    /** Work that may fail with the disk. */
    private interface DiskWork {
        void run() throws IOException;
    }

    private CompletionStage<Void> background(String what, DiskWork work) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Executor background = log.folder.background();
        background.execute(() -> {
            try {
                work.run();
            } catch (IOException e) {
                log.failed(what, e);
            }
            done.complete(null);
        });
        return done;
    }

    Path path() {
        return log.path;
    }

    /** Base offset of the oldest segment. */
    long firstSegmentOffset() {
        return log.segments[0].baseOffset();
    }

    int segments() {
        return log.segments.length;
    }

    /** The log as its compaction sees it. */
    LogCompaction compaction() {
        return compaction;
    }

    /** A walk over all that it has now, in search of damage. The caller closes it. */
    LogCheck check() {
        return new LogCheck(log);
    }

    /** Has it looked whether its segment of that offset, or one behind, is damaged, and mended where that can be. */
    void suspect(long offset) {
        log.listener.onSuspect(this, offset);
    }

    /** Up to where it is compacted; -1 where it never was. */
    long cleanedTo() {
        return log.cleanedTo;
    }

    /** From where on recovery has to look. */
    long recoveryPoint() {
        return flush.checkpoint();
    }

    /** Learns its topic's id and keeps it on disk. Blocks. */
    void assignTopicId(TopicId topicId) throws IOException {
        PartitionMetadataFile.write(log.disk, log.path, topicId);
        log.topicId = topicId;
    }

    /** Deletes what retention lets go. Blocks. */
    void retain() {
        try {
            if (retention.run() > 0) {
                log.listener.onLogStartMoved(this);
            }
        } catch (CorruptSegmentException e) {
            log.failed("Retention", e);
        } catch (IOException e) {
            log.failed("Retention", e);
        }
    }

    /** Flushes where {@code flush.ms} has passed since the last time. */
    void flushIfDue(long nowMonotonicMs) {
        if (nowMonotonicMs - log.lastFlushMs >= log.properties.flushMs() && log.recoveryPoint < log.end.offset()) {
            flush.request();
        }
    }

    /** Forgets producers that were silent for so long. */
    void expireProducers(long nowMs, int afterMs) {
        log.writeLock.lock();
        try {
            log.producers.keepFor(afterMs);
            log.producers.expire(nowMs);
        } finally {
            log.writeLock.unlock();
        }
    }

    void folderFailed() {
        log.listener.onFailed(this);
    }

    /** Brings everything to disk and closes all files; the log answers storage errors from now on. Blocks. */
    void close() throws IOException {
        if (log.closed) {
            return;
        }
        try {
            flush.finish();
            spare.drop();
        } finally {
            release();
        }
    }

    /** Closes files without bringing anything to disk: the log is to be deleted, or its folder failed. Blocks. */
    void abandon() throws IOException {
        log.flushLock.lock();
        log.writeLock.lock();
        try {
            if (log.closed) {
                return;
            }
            log.closed = true;
        } finally {
            log.writeLock.unlock();
            log.flushLock.unlock();
        }
        try {
            spare.drop();
        } finally {
            release();
        }
    }

    private void release() {
        for (LogSegment segment : log.segments) {
            segment.release();
        }
    }

    @Override
    public String toString() {
        return log.topicPartition + " in " + log.folder;
    }
}
