package io.ottla.coordinator;

import io.ottla.record.CorruptRecords;
import io.ottla.record.EndTransactionMarker;
import io.ottla.record.LegacyRecords;
import io.ottla.record.RecordBatch;
import io.ottla.record.RecordBatches;
import io.ottla.record.RecordIterator;
import io.ottla.storage.FileSlice;
import io.ottla.storage.PartitionLog;
import io.ottla.storage.ReadResult;
import io.ottla.time.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies a partition's log to the state of a shard, from its start to the end that it had at first. Offsets that
 * compaction took out are passed over; records that this software does not know are too, with one line in the log for
 * each kind. Used by one loading thread, once.
 */
final class ShardLoader<R> {
    private static final Logger LOG = LoggerFactory.getLogger(ShardLoader.class);
    private static final long PROGRESS_MS = 5_000;

    private final PartitionLog log;
    private final ShardMachine<R> machine;
    private final RecordFormat<R> format;
    private final Clock clock;
    private final BooleanSupplier wanted;
    private final LongPredicate elsewhere;
    private final RecordBatches batches = new RecordBatches();
    private final RecordIterator records = new RecordIterator();
    private final LegacyRecords legacy = new LegacyRecords();
    private final Set<String> unknown = new HashSet<>();
    private ByteBuffer buffer;
    private long applied;
    private long bytes;
    private long damaged;
    private boolean isElsewhere;

    /**
     * @param bufferBytes how much is read at a time; more only for a batch that is larger
     * @param wanted false where nobody wants the shard any more
     * @param elsewhere told of the first damaged batch's offset; whether others have it, and one of them is to lead instead
     */
    ShardLoader(
            PartitionLog log,
            ShardMachine<R> machine,
            RecordFormat<R> format,
            int bufferBytes,
            Clock clock,
            BooleanSupplier wanted,
            LongPredicate elsewhere) {
        this.log = log;
        this.machine = machine;
        this.format = format;
        this.clock = clock;
        this.wanted = wanted;
        this.elsewhere = elsewhere;
        this.buffer = ByteBuffer.allocate((int) Math.min(bufferBytes, Math.max(4096, log.sizeBytes())));
        this.bufferBytes = bufferBytes;
    }

    private final int bufferBytes;

    /**
     * Reads and applies all. Blocks on the disk.
     *
     * @return false where it was given up: nobody wants it any more, or others have what is damaged here
     * @throws IOException where the log can't be read
     */
    boolean load() throws IOException {
        long startMs = clock.monotonicMs();
        long reportMs = startMs + PROGRESS_MS;
        long end = log.logEndOffset();
        long next = log.logStartOffset();
        while (next < end) {
            if (!wanted.getAsBoolean()) {
                return false;
            }
            long from = next;
            next = loadFrom(from, end);
            if (isElsewhere) {
                return false;
            }
            if (next <= from) {
                break;
            }
            long nowMs = clock.monotonicMs();
            if (nowMs >= reportMs) {
                reportMs = nowMs + PROGRESS_MS;
                LOG.info(
                        "Loading {}: {} records, {} of {} bytes after {} ms",
                        log.topicPartition(),
                        applied,
                        bytes,
                        log.sizeBytes(),
                        nowMs - startMs);
            }
        }
        if (applied > 0) {
            LOG.info(
                    "Loaded {}: {} records, {} bytes in {} ms",
                    log.topicPartition(),
                    applied,
                    bytes,
                    clock.monotonicMs() - startMs);
        }
        if (damaged > 0) {
            LOG.error(
                    "{} records or batches of {} are damaged and were left out; the groups or transactional ids that they are of"
                            + " go on without them",
                    damaged,
                    log.topicPartition());
        }
        return true;
    }

    /** Answers where to go on. */
    private long loadFrom(long offset, long end) throws IOException {
        ReadResult result = log.read(offset, end, bufferBytes, true);
        if (!(result instanceof ReadResult.Found found)) {
            ReadResult.Refused refused = (ReadResult.Refused) result;
            if (offset < refused.logStartOffset()) {
                return refused.logStartOffset();
            }
            throw new IOException("Expected to read " + log.topicPartition() + " from offset " + offset + ", but: "
                    + refused.failure().text());
        }
        try {
            if (found.bytes() > buffer.capacity()) {
                buffer = ByteBuffer.allocate(found.bytes());
            }
            buffer.clear();
            for (FileSlice slice : found.slices()) {
                slice.readInto(buffer.limit(buffer.position() + slice.length()));
            }
        } finally {
            for (FileSlice slice : found.slices()) {
                slice.release();
            }
        }
        buffer.flip();
        bytes += buffer.remaining();
        return apply(offset);
    }

    private long apply(long offset) throws IOException {
        long next = offset;
        batches.over(buffer);
        while (batches.next() == RecordBatches.Step.BATCH) {
            try {
                if (!batches.isIntact()) {
                    if (elsewhere.test(batches.baseOffset())) {
                        isElsewhere = true;
                        return next;
                    }
                    leaveOut(batches.baseOffset(), null);
                } else if (batches.isLegacy()) {
                    applyLegacy(offset);
                } else {
                    apply(batches.batch(), offset);
                }
            } catch (CorruptRecords e) {
                throw new IOException(
                        "Expected intact records in " + log.topicPartition() + " at offset " + batches.baseOffset()
                                + ", but: " + e.getMessage(),
                        e);
            }
            next = batches.lastOffset() + 1;
        }
        return next;
    }

    private void apply(RecordBatch batch, long from) {
        records.over(batch);
        long producerId = batch.isTransactional() ? batch.producerId() : RecordBatch.NO_PRODUCER_ID;
        short producerEpoch = batch.isTransactional() ? batch.producerEpoch() : RecordBatch.NO_EPOCH;
        while (records.next()) {
            if (records.offset() < from) {
                continue;
            }
            if (batch.isControl()) {
                EndTransactionMarker marker = EndTransactionMarker.of(records);
                if (marker != null) {
                    machine.endTransaction(batch.producerId(), batch.producerEpoch(), marker.commits(), UndoLog.NONE);
                }
            } else {
                apply(records.key(), records.value(), records.offset(), producerId, producerEpoch);
            }
        }
    }

    private void applyLegacy(long from) {
        legacy.over(batches.legacy());
        while (legacy.next()) {
            if (legacy.offset() >= from) {
                apply(legacy.key(), legacy.value(), legacy.offset(), RecordBatch.NO_PRODUCER_ID, RecordBatch.NO_EPOCH);
            }
        }
    }

    private void apply(ByteBuffer key, ByteBuffer value, long offset, long producerId, short producerEpoch) {
        R record;
        try {
            record = key == null ? null : format.read(key, value);
        } catch (RecordFormat.UnknownRecord e) {
            if (unknown.add(e.getMessage())) {
                LOG.warn(
                        "{} holds records that this release does not know ({}), first at offset {}; they are passed over",
                        log.topicPartition(),
                        e.getMessage(),
                        offset);
            }
            return;
        } catch (RuntimeException e) {
            leaveOut(offset, e);
            return;
        }
        if (record != null) {
            machine.apply(record, offset, producerId, producerEpoch, UndoLog.NONE);
            applied++;
        }
    }

    private void leaveOut(long offset, RuntimeException why) {
        if (damaged++ == 0) {
            LOG.error("What {} has at offset {} is damaged and left out", log.topicPartition(), offset, why);
        }
    }
}
