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
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/**
 * {@link PartitionLog} in Kafka's files. This class only hands out the work; see the parts. They are exchanged when the log
 * has been {@linkplain LogMove moved} to another folder: what the old ones refuse then is asked of the new ones.
 */
final class SegmentedLog implements PartitionLog {
    /** Exchanged under the write lock of the one that goes. */
    private volatile LogParts parts;

    SegmentedLog(LogState log) {
        this.parts = new LogParts(log, this);
    }

    /** The log's files of this moment, with their write lock held: the caller releases it. */
    @SuppressWarnings("LockNotBeforeTry")
    private LogState locked() {
        while (true) {
            LogState log = parts.log;
            log.writeLock.lock();
            if (log == parts.log) {
                return log;
            }
            log.writeLock.unlock();
        }
    }

    /** Sets what the log's next files take over too. */
    private void set(Consumer<LogState> change) {
        LogState log = locked();
        try {
            change.accept(log);
        } finally {
            log.writeLock.unlock();
        }
    }

    @Override
    public TopicPartition topicPartition() {
        return parts.log.topicPartition;
    }

    @Override
    public TopicId topicId() {
        return parts.log.topicId;
    }

    @Override
    public LogFolder folder() {
        return parts.log.folder;
    }

    @Override
    public long logStartOffset() {
        return parts.log.logStart;
    }

    @Override
    public long logEndOffset() {
        return parts.log.end.offset();
    }

    @Override
    public long acknowledgeableOffset() {
        return parts.flush.acknowledgeable();
    }

    @Override
    public OptionalLong firstUnstableOffset() {
        LogState log = parts.log;
        long first = log.firstUnstable;
        return first < 0 ? OptionalLong.empty() : OptionalLong.of(Math.max(first, log.logStart));
    }

    @Override
    public LeaderEpoch latestEpoch() {
        return new LeaderEpoch(parts.log.epochs.latest());
    }

    @Override
    public long sizeBytes() {
        long bytes = 0;
        for (LogSegment segment : parts.log.segments) {
            bytes += segment.bytes();
        }
        return bytes;
    }

    @Override
    public OptionalLong foundDamaged() {
        long from = parts.log.damagedFrom;
        return from < 0 ? OptionalLong.empty() : OptionalLong.of(from);
    }

    @Override
    public boolean lacksCommitted() {
        return parts.log.lacksCommitted;
    }

    @Override
    public TopicProperties properties() {
        return parts.log.properties;
    }

    @Override
    public void reconfigure(TopicProperties properties) {
        set(log -> log.properties = properties);
        flushWhatIsHeldBack();
    }

    /** Records that a flush policy holds back, be it by a restart or by a new policy, need no further append to be seen. */
    private void flushWhatIsHeldBack() {
        LogParts now = parts;
        if (now.flush.acknowledgeable() < now.log.end.offset()) {
            now.flush.request();
        }
    }

    @Override
    public AppendResult appendAsLeader(CheckedBatches batches, LeaderEpoch epoch, AppendOrigin origin) {
        LogParts asked = parts;
        AppendResult result = asked.writer.asLeader(batches, epoch, origin);
        while (result instanceof AppendResult.Refused && asked != parts) {
            asked = parts;
            result = asked.writer.asLeader(batches, epoch, origin);
        }
        return result;
    }

    @Override
    public AppendResult appendAsFollower(ByteBuffer batches) {
        LogParts asked = parts;
        AppendResult result = asked.writer.asFollower(batches);
        while (result instanceof AppendResult.Refused && asked != parts) {
            asked = parts;
            result = asked.writer.asFollower(batches);
        }
        return result;
    }

    @Override
    public ReadResult read(long fromOffset, long upToOffset, int maxBytes, boolean atLeastOneBatch) {
        LogParts asked = parts;
        ReadResult result = asked.reader.read(fromOffset, upToOffset, maxBytes, atLeastOneBatch);
        while (result instanceof ReadResult.Refused && asked != parts) {
            asked = parts;
            result = asked.reader.read(fromOffset, upToOffset, maxBytes, atLeastOneBatch);
        }
        if (result instanceof ReadResult.Refused refused && refused.failure().error() == Errors.CORRUPT_MESSAGE) {
            suspect(fromOffset);
        }
        return result;
    }

    @Override
    public boolean isHot(long fromOffset, long upToOffset, int maxBytes, boolean withAborted) {
        return parts.reader.isHot(fromOffset, upToOffset, maxBytes, withAborted);
    }

    @Override
    public List<AbortedTransaction> abortedTransactions(long fromOffset, long upToOffset) {
        LogParts asked;
        List<AbortedTransaction> found;
        do {
            asked = parts;
            found = asked.reader.abortedTransactions(fromOffset, upToOffset);
        } while (asked != parts); // what the old ones have no more would be missing
        return found;
    }

    @Override
    public CompletionStage<TimestampOffset> offsetForTimestamp(long timestamp, long upToOffset) {
        CompletableFuture<TimestampOffset> found = new CompletableFuture<>();
        parts.log.folder.reads().execute(() -> {
            LogParts asked = parts;
            while (!search(asked, timestamp, upToOffset, found)) {
                asked = parts;
            }
        });
        return found;
    }

    /** False where the parts were exchanged meanwhile, and nothing is found. */
    private boolean search(LogParts asked, long timestamp, long upToOffset, CompletableFuture<TimestampOffset> found) {
        try {
            found.complete(asked.search.find(timestamp, upToOffset));
        } catch (CorruptSegmentException e) {
            found.completeExceptionally(e);
            suspect(asked.log.logStart);
        } catch (CorruptRecords e) {
            found.completeExceptionally(e);
        } catch (IOException e) {
            if (asked != parts) {
                return false;
            }
            asked.log.failed("A search by time", e);
            found.completeExceptionally(e);
        }
        return true;
    }

    @Override
    public EpochEnd endOffsetOf(LeaderEpoch epoch) {
        LogState log = parts.log;
        return log.epochs.endOffsetOf(epoch.value(), log.end.offset());
    }

    @Override
    public LeaderEpoch epochAt(long offset) {
        return new LeaderEpoch(parts.log.epochs.epochAt(offset));
    }

    @Override
    public void beginEpoch(LeaderEpoch epoch) {
        LogState log = locked();
        try {
            if (epoch.value() > 0) { // in the first epoch of all nobody led before
                log.producers.othersWillFollow();
            }
            if (log.epochs.assign(epoch.value(), log.end.offset())) {
                parts.flush.writeEpochsSoon();
            }
        } finally {
            log.writeLock.unlock();
        }
    }

    @Override
    public void appendsWereRefused() {
        LogState log = locked();
        try {
            log.producers.othersWillFollow();
        } finally {
            log.writeLock.unlock();
        }
    }

    @Override
    public void advanceHighWatermark(long offset) {
        LogParts now;
        do {
            now = parts;
            advanceHighWatermark(now.log, offset);
        } while (now != parts);
    }

    private static void advanceHighWatermark(LogState log, long offset) {
        long reached = Math.min(offset, log.end.offset());
        if (reached <= log.highWatermark) {
            return;
        }
        log.highWatermark = reached;
        if (log.firstUnstable >= 0) {
            log.writeLock.lock();
            try {
                if (log.producers.replicated(reached)) {
                    log.publishProducers();
                }
            } finally {
                log.writeLock.unlock();
            }
        }
    }

    @Override
    public long highWatermark() {
        return parts.log.highWatermark;
    }

    @Override
    public boolean advanceLogStart(long offset) {
        LogState log = locked();
        try {
            if (offset > log.highWatermark) {
                return false;
            }
            if (offset > log.logStart) {
                log.logStart = offset;
                log.epochs.truncateFromStart(offset);
                parts.flush.writeEpochsSoon();
            }
            return true;
        } finally {
            log.writeLock.unlock();
        }
    }

    @Override
    public CompletionStage<Boolean> keepLogStart() {
        DiskFolder folder = parts.log.folder;
        return folder.logStarts()
                .request()
                .thenCompose(_ -> folder == parts.log.folder
                        ? CompletableFuture.completedFuture(folder.isOnline())
                        : keepLogStart());
    }

    @Override
    public CompletionStage<Void> truncateTo(long offset) {
        return background("A truncation", now -> now.truncation.truncateTo(offset));
    }

    @Override
    public CompletionStage<OptionalLong> findDamage(long fromOffset) {
        OptionalLong[] found = {OptionalLong.empty()};
        return background("A search for damage", now -> {
                    LogState log = now.log;
                    DamageSearch.Damage damage = log.isUsable() ? DamageSearch.find(log.segments, fromOffset) : null;
                    found[0] = damage == null ? OptionalLong.empty() : OptionalLong.of(damage.offset());
                })
                .thenApply(_ -> found[0]);
    }

    @Override
    public CompletionStage<Void> cutDamage(long offset) {
        return background("A cut of what is damaged", now -> {
            now.truncation.cutDamage(offset);
            now.compaction.mended();
        });
    }

    @Override
    public void lookThroughSoon() {
        parts.log.folder.lookThroughSoon(this);
    }

    @Override
    public CompletionStage<Void> truncateFullyAndStartAt(long offset) {
        return background("A truncation", now -> now.truncation.startFullyAt(offset));
    }

    @Override
    public CompletionStage<Long> flush() {
        LogParts asked = parts;
        return asked.flush
                .request()
                .thenCompose(reached -> asked == parts ? CompletableFuture.completedFuture(reached) : flush());
    }

    @Override
    public TransactionStanding transaction(long producerId, short producerEpoch, boolean hasOwnEpoch) {
        LogState log = locked();
        try {
            return log.producers.standing(
                    log.topicPartition,
                    new VerifiedTransaction(producerId, producerEpoch, hasOwnEpoch, log.end.offset()));
        } finally {
            log.writeLock.unlock();
        }
    }

    @Override
    public List<ProducerView> activeProducers() {
        LogState log = locked();
        try {
            return log.producers.views();
        } finally {
            log.writeLock.unlock();
        }
    }

    @Override
    public int producerCount() {
        return parts.log.producerCount();
    }

    @Override
    public boolean hasLateTransaction() {
        return parts.log.hasLateTransaction();
    }

    @Override
    public void listen(Listener listener) {
        set(log -> log.listener = listener);
        flushWhatIsHeldBack();
    }

    /** Work that may fail with the disk. */
    private interface DiskWork {
        void on(LogParts now) throws IOException;
    }

    private CompletionStage<Void> background(String what, DiskWork work) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Executor background = parts.log.folder.background();
        background.execute(() -> {
            LogParts now;
            do {
                now = parts;
                try {
                    work.on(now);
                } catch (IOException e) {
                    now.log.failed(what, e);
                }
            } while (now != parts);
            done.complete(null);
        });
        return done;
    }

    /** Those who work on its files at this moment. */
    LogParts parts() {
        return parts;
    }

    /** Those who would work on these files. */
    LogParts over(LogState files) {
        return new LogParts(files, this);
    }

    /** Goes on with other files, which hold the same; the old ones are closed with that. Under both write locks. */
    void goOnWith(LogParts next) {
        LogState before = parts.log;
        next.log.adopt(before);
        parts = next;
        before.closed = true;
    }

    /** Whether nothing of it is compacted from now on: what is on its way to other files must not lack what was deleted meanwhile. */
    void keepWhole(boolean isKept) {
        set(log -> log.isKeptWhole = isKept);
    }

    /** Its recovery point may have moved without a flush of its own: it is told. */
    void acknowledgeableMoved() {
        parts.log.listener.onAcknowledgeable(this);
    }

    /** Begins another segment, whose snapshot keeps what is known of producers, where nothing hinders. */
    void rollSoon() {
        background("A roll", now -> now.writer.rollActive());
    }

    Path path() {
        return parts.log.path;
    }

    /** Base offset of the oldest segment. */
    long firstSegmentOffset() {
        return parts.log.segments[0].baseOffset();
    }

    int segments() {
        return parts.log.segments.length;
    }

    /** The log as its compaction sees it. */
    LogCompaction compaction() {
        return parts.compaction;
    }

    /** A walk over all that it has now, in search of damage. The caller closes it. */
    LogCheck check() {
        return new LogCheck(parts.log);
    }

    /** Has it looked whether its segment of that offset, or one behind, is damaged, and mended where that can be. */
    void suspect(long offset) {
        parts.log.listener.onSuspect(this, offset);
    }

    /** Up to where it is compacted; -1 where it never was. */
    long cleanedTo() {
        return parts.log.cleanedTo;
    }

    /** From where on recovery has to look. */
    long recoveryPoint() {
        return parts.flush.checkpoint();
    }

    /** Learns its topic's id and keeps it on disk. Blocks. */
    void assignTopicId(TopicId topicId) throws IOException {
        LogParts now;
        do {
            now = parts;
            PartitionMetadataFile.write(now.log.disk, now.log.path, topicId);
            now.log.topicId = topicId;
        } while (now != parts);
    }

    /** Deletes what retention lets go. Blocks. */
    void retain() {
        LogParts now = parts;
        try {
            if (now.retention.run() > 0) {
                now.log.listener.onLogStartMoved(this);
            }
        } catch (CorruptSegmentException e) {
            now.log.failed("Retention", e);
        } catch (IOException e) {
            now.log.failed("Retention", e);
        }
    }

    /** Flushes where {@code flush.ms} has passed since the last time. */
    void flushIfDue(long nowMonotonicMs) {
        LogState log = parts.log;
        if (nowMonotonicMs - log.lastFlushMs >= log.properties.flushMs() && log.recoveryPoint < log.end.offset()) {
            parts.flush.request();
        }
    }

    /** Forgets producers that were silent for so long. */
    void expireProducers(long nowMs, int afterMs) {
        LogState log = locked();
        try {
            log.producers.keepFor(afterMs);
            log.producers.expire(nowMs);
            log.publishProducers();
        } finally {
            log.writeLock.unlock();
        }
    }

    void folderFailed() {
        parts.log.listener.onFailed(this);
    }

    /** Brings everything to disk and closes all files; the log answers storage errors from now on. Blocks. */
    void close() throws IOException {
        parts.close();
    }

    /** Closes files without bringing anything to disk: the log is to be deleted, or its folder failed. Blocks. */
    void abandon() throws IOException {
        parts.abandon();
    }

    @Override
    public String toString() {
        LogState log = parts.log;
        return log.topicPartition + " in " + log.folder;
    }
}
