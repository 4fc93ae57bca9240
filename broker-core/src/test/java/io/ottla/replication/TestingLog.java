package io.ottla.replication;

import io.ottla.config.TopicProperties;
import io.ottla.record.CheckedBatches;
import io.ottla.record.RecordBatch;
import io.ottla.record.RecordBatches;
import io.ottla.storage.AbortedTransaction;
import io.ottla.storage.AppendOrigin;
import io.ottla.storage.AppendResult;
import io.ottla.storage.EpochEnd;
import io.ottla.storage.FileSlice;
import io.ottla.storage.LogFolder;
import io.ottla.storage.PartitionLog;
import io.ottla.storage.ProducerView;
import io.ottla.storage.ReadResult;
import io.ottla.storage.TimestampOffset;
import io.ottla.storage.TransactionStanding;
import io.ottla.storage.UnverifiedTransaction;
import io.ottla.types.Failure;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.protocol.Errors;

/** A log in memory. Appends are acknowledgeable at once unless {@link #holdAcknowledgement} says otherwise. */
public final class TestingLog implements PartitionLog {
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Batch(long first, long last, byte[] bytes) {}

    private final TopicPartition name;
    private final TopicId id;
    private final LogFolder folder;
    private final List<Batch> batches = new ArrayList<>();
    private final TreeMap<Integer, Long> epochs = new TreeMap<>();
    /** Slices that are out. */
    public final AtomicInteger heldSlices = new AtomicInteger();
    /** Reads that reached the log. */
    public final AtomicInteger reads = new AtomicInteger();

    /** Appends that were taken. */
    public final AtomicInteger appends = new AtomicInteger();

    public volatile AppendResult nextAppend;
    public volatile boolean refusesReads;
    public volatile OptionalLong unstable = OptionalLong.empty();
    public volatile List<AbortedTransaction> aborted = List.of();
    public volatile List<ProducerView> producers = List.of();

    public volatile boolean hasLateTransaction;
    public volatile CompletionStage<TimestampOffset> lookup = CompletableFuture.completedStage(TimestampOffset.NONE);
    public volatile CompletionStage<Boolean> kept = CompletableFuture.completedStage(true);
    public volatile boolean cold;
    public volatile boolean lacksCommitted;
    /** Where cuts run. */
    public volatile Executor background = Runnable::run;

    private volatile TopicProperties properties;
    private volatile long start;
    private volatile long end;
    private volatile long flushed = -1;
    /** How often it was told that appends were refused. */
    public int refusals;

    /** How often it was to be looked through soon. */
    int hurries;

    public volatile OptionalLong foundDamaged = OptionalLong.empty();

    private volatile Executor searches = Runnable::run;
    private volatile long damagedAt = Long.MAX_VALUE;
    private volatile boolean noticesDamage;
    private volatile long highWatermark;
    private volatile Listener listener;

    public TestingLog(TopicPartition name, TopicId id, LogFolder folder, TopicProperties properties) {
        this.name = name;
        this.id = id;
        this.folder = folder;
        this.properties = properties;
    }

    /** From now on appends wait for {@link #acknowledgeUpTo}. */
    public void holdAcknowledgement() {
        flushed = end;
    }

    public void acknowledgeUpTo(long offset) {
        flushed = offset;
        listener.onAcknowledgeable(this);
    }

    public void fail() {
        listener.onFailed(this);
    }

    public void retainFrom(long offset) {
        start = offset;
        listener.onLogStartMoved(this);
    }

    @Override
    public boolean lacksCommitted() {
        return lacksCommitted;
    }

    @Override
    public TopicPartition topicPartition() {
        return name;
    }

    @Override
    public TopicId topicId() {
        return id;
    }

    @Override
    public LogFolder folder() {
        return folder;
    }

    @Override
    public long logStartOffset() {
        return start;
    }

    @Override
    public long logEndOffset() {
        return end;
    }

    @Override
    public long acknowledgeableOffset() {
        return flushed < 0 ? end : Math.min(flushed, end);
    }

    @Override
    public OptionalLong firstUnstableOffset() {
        return unstable;
    }

    @Override
    public synchronized LeaderEpoch latestEpoch() {
        return epochs.isEmpty() ? LeaderEpoch.NONE : new LeaderEpoch(epochs.lastKey());
    }

    @Override
    public synchronized long sizeBytes() {
        return batches.stream().mapToLong(batch -> batch.bytes.length).sum();
    }

    @Override
    public TopicProperties properties() {
        return properties;
    }

    @Override
    public void reconfigure(TopicProperties changed) {
        properties = changed;
    }

    @Override
    public synchronized AppendResult appendAsLeader(CheckedBatches checked, LeaderEpoch epoch, AppendOrigin origin) {
        if (nextAppend != null) {
            return nextAppend;
        }
        byte[] bytes = new byte[checked.buffer().remaining()];
        checked.buffer().duplicate().get(bytes);
        long first = end;
        long last = first + checked.recordCount() - 1;
        if (bytes.length >= RecordBatch.HEADER_SIZE && bytes[16] == RecordBatch.MAGIC) {
            new RecordBatch().wrap(ByteBuffer.wrap(bytes), 0).stamp(first, epoch.value());
            assign(epoch.value(), first);
        }
        appends.incrementAndGet();
        batches.add(new Batch(first, last, bytes));
        end = last + 1;
        return new AppendResult.Appended(first, last, -1, bytes.length);
    }

    /** It knows of none. */
    @Override
    public TransactionStanding transaction(long producerId, short producerEpoch, boolean hasOwnEpoch) {
        return new UnverifiedTransaction(name, producerId, producerEpoch, end);
    }

    @Override
    public synchronized AppendResult appendAsFollower(ByteBuffer fetched) {
        if (nextAppend != null) {
            return nextAppend;
        }
        RecordBatches cursor = new RecordBatches().over(fetched);
        long first = end;
        int total = fetched.remaining();
        while (cursor.next() == RecordBatches.Step.BATCH) {
            if (cursor.baseOffset() < end) {
                return new AppendResult.Refused(Failure.of(Errors.OFFSET_OUT_OF_RANGE));
            }
            byte[] bytes = new byte[cursor.sizeInBytes()];
            fetched.get(cursor.start(), bytes);
            batches.add(new Batch(cursor.baseOffset(), cursor.lastOffset(), bytes));
            assign(cursor.leaderEpoch(), cursor.baseOffset());
            end = cursor.lastOffset() + 1;
        }
        appends.incrementAndGet();
        return new AppendResult.Appended(first, end - 1, -1, total);
    }

    /** As a log does that knows which epochs its records are of. */
    private void assign(int epoch, long offset) {
        if (epoch >= 0
                && (epochs.isEmpty()
                        || epochs.lastKey() != epoch
                        || epochs.lastEntry().getValue() > offset)) {
            epochs.values().removeIf(start -> start >= offset);
            epochs.tailMap(epoch, true).clear();
            epochs.put(epoch, offset);
        }
    }

    /** The batch that holds an offset, as it is kept; null where there is none. */
    public synchronized ByteBuffer batchAt(long offset) {
        for (int i = batches.size() - 1; i >= 0; i--) {
            Batch batch = batches.get(i);
            if (batch.first <= offset && offset <= batch.last) {
                return ByteBuffer.wrap(batch.bytes).asReadOnlyBuffer();
            }
        }
        return null;
    }

    /** The process that wrote it is gone, and another opens it; the checkpoint knew of so much. */
    public synchronized void reopen(long checkpointedHighWatermark) {
        highWatermark = Math.max(start, Math.min(end, checkpointedHighWatermark));
        listener = null;
        nextAppend = null;
    }

    @Override
    public synchronized ReadResult read(long fromOffset, long upToOffset, int maxBytes, boolean atLeastOneBatch) {
        reads.incrementAndGet();
        if (refusesReads) {
            return new ReadResult.Refused(Failure.of(Errors.KAFKA_STORAGE_ERROR), start, end);
        }
        if (noticesDamage && fromOffset >= damagedAt) {
            listener.onSuspect(this, fromOffset);
            return new ReadResult.Refused(Failure.of(Errors.CORRUPT_MESSAGE), start, end);
        }
        List<FileSlice> slices = new ArrayList<>();
        int bytes = 0;
        for (Batch batch : batches) {
            boolean wanted = batch.last >= fromOffset && batch.last < upToOffset;
            boolean fits = bytes + batch.bytes.length <= maxBytes || bytes == 0 && atLeastOneBatch;
            if (wanted && !fits) {
                break;
            }
            if (wanted) {
                bytes += batch.bytes.length;
                slices.add(new TestingSlice(batch.bytes, heldSlices));
            }
        }
        return new ReadResult.Found(slices, start, bytes, upToOffset);
    }

    @Override
    public boolean isHot(long fromOffset, long upToOffset, int maxBytes, boolean withAborted) {
        return !cold;
    }

    @Override
    public List<AbortedTransaction> abortedTransactions(long fromOffset, long upToOffset) {
        return aborted;
    }

    @Override
    public CompletionStage<TimestampOffset> offsetForTimestamp(long timestamp, long upToOffset) {
        return lookup;
    }

    @Override
    public synchronized EpochEnd endOffsetOf(LeaderEpoch epoch) {
        if (epoch.value() < 0 || epochs.isEmpty() || epoch.value() > epochs.lastKey()) {
            return EpochEnd.UNKNOWN;
        }
        Map.Entry<Integer, Long> floor = epochs.floorEntry(epoch.value());
        Map.Entry<Integer, Long> next = epochs.higherEntry(epoch.value());
        return new EpochEnd(
                floor == null ? epoch : new LeaderEpoch(floor.getKey()), next == null ? end : next.getValue());
    }

    @Override
    public synchronized LeaderEpoch epochAt(long offset) {
        LeaderEpoch found = LeaderEpoch.NONE;
        for (Map.Entry<Integer, Long> epoch : epochs.entrySet()) {
            if (epoch.getValue() <= offset) {
                found = new LeaderEpoch(epoch.getKey());
            }
        }
        return found;
    }

    @Override
    public synchronized void beginEpoch(LeaderEpoch epoch) {
        assign(epoch.value(), end);
    }

    @Override
    public void appendsWereRefused() {
        refusals++;
    }

    @Override
    public void advanceHighWatermark(long offset) {
        highWatermark = offset;
    }

    @Override
    public long highWatermark() {
        return highWatermark;
    }

    @Override
    public boolean advanceLogStart(long offset) {
        if (offset > highWatermark || offset < start) {
            return false;
        }
        start = offset;
        return true;
    }

    @Override
    public CompletionStage<Boolean> keepLogStart() {
        return kept;
    }

    @Override
    public CompletionStage<Void> truncateTo(long offset) {
        return CompletableFuture.runAsync(() -> cut(offset), background);
    }

    private synchronized void cut(long offset) {
        if (offset >= end) {
            return;
        }
        batches.removeIf(batch -> batch.last >= offset);
        end = batches.isEmpty() ? Math.min(start, offset) : batches.getLast().last + 1;
        start = Math.min(start, end);
        highWatermark = Math.min(highWatermark, end);
        epochs.values().removeIf(from -> from >= end);
    }

    /** From there on it is not what was written, as reads of it notice. */
    public void damage(long offset) {
        damagedAt = offset;
        noticesDamage = true;
    }

    /** The batch of that offset is not what was written, as only its checksum tells. */
    public synchronized void turnBit(long offset) {
        damagedAt = offset;
        for (Batch batch : batches) {
            if (batch.first <= offset && offset <= batch.last) {
                batch.bytes[batch.bytes.length - 1] ^= 1;
            }
        }
    }

    /** From now on it is searched for damage there. */
    void searchOn(Executor executor) {
        searches = executor;
    }

    /** As a reader notices. */
    public void suspect(long offset) {
        listener.onSuspect(this, offset);
    }

    @Override
    public CompletionStage<Void> cutDamage(long offset) {
        return CompletableFuture.runAsync(() -> cut(Math.max(offset, damagedAt)), background);
    }

    @Override
    public OptionalLong foundDamaged() {
        return foundDamaged;
    }

    @Override
    public CompletionStage<OptionalLong> findDamage(long fromOffset) {
        return CompletableFuture.supplyAsync(
                () -> damagedAt < end ? OptionalLong.of(damagedAt) : OptionalLong.empty(), searches);
    }

    @Override
    public void lookThroughSoon() {
        hurries++;
    }

    @Override
    public CompletionStage<Void> truncateFullyAndStartAt(long offset) {
        return CompletableFuture.runAsync(() -> startAt(offset), background);
    }

    private synchronized void startAt(long offset) {
        batches.clear();
        epochs.clear();
        start = offset;
        end = offset;
        highWatermark = offset;
    }

    @Override
    public CompletionStage<Long> flush() {
        return CompletableFuture.completedStage(end);
    }

    @Override
    public List<ProducerView> activeProducers() {
        return producers;
    }

    @Override
    public int producerCount() {
        return producers.size();
    }

    @Override
    public boolean hasLateTransaction() {
        return hasLateTransaction;
    }

    @Override
    public void listen(Listener told) {
        listener = told;
    }
}
