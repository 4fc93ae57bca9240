package io.ottla.storage;

import io.ottla.config.TopicProperties;
import io.ottla.record.CheckedBatches;
import io.ottla.record.RecordBatch;
import io.ottla.record.RecordBatches;
import io.ottla.types.Failure;
import io.ottla.types.LeaderEpoch;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.Errors;

/** The one who appends to a log and rolls it. All under the log's write lock. */
final class LogWriter {
    private final LogState log;
    private final LogFlush flush;
    private final SpareFile spare;
    private final RecordBatches cursor = new RecordBatches();

    LogWriter(LogState log, LogFlush flush, SpareFile spare) {
        this.log = log;
        this.flush = flush;
        this.spare = spare;
    }

    AppendResult asLeader(CheckedBatches batches, LeaderEpoch epoch, AppendOrigin origin) {
        ByteBuffer buffer = batches.buffer();
        log.writeLock.lock();
        try {
            AppendResult refusal = log.isUsable() ? check(buffer, origin) : storageError();
            if (refusal != null) {
                return refusal;
            }
            boolean stampsTime = log.properties.messageTimestampType() == TopicProperties.TimestampType.LOG_APPEND_TIME;
            long time = stampsTime ? log.folder.clock().wallMs() : RecordBatch.NO_TIMESTAMP;
            long first = log.end.offset();
            long next = stamp(buffer, first, epoch.value(), time);
            return write(buffer, origin, first, first, next, stampsTime ? time : batches.maxTimestamp(), time);
        } catch (IOException e) {
            return new AppendResult.Refused(log.failed("An append", e));
        } finally {
            log.writeLock.unlock();
        }
    }

    private AppendResult check(ByteBuffer buffer, AppendOrigin origin) {
        int bytes = buffer.remaining();
        if (bytes > log.properties.segmentBytes()) {
            return refused(
                    Errors.RECORD_LIST_TOO_LARGE,
                    "Expected at most " + log.properties.segmentBytes() + " bytes of records (segment.bytes), but got "
                            + bytes);
        }
        cursor.over(buffer);
        while (cursor.next() == RecordBatches.Step.BATCH) {
            AppendResult refusal = log.producers.check(cursor.batch(), origin);
            if (refusal == null && ProducerStates.isNumbered(origin)) {
                refusal = log.admission.check(cursor.batch(), log.producers);
            }
            if (refusal != null) {
                return refusal;
            }
        }
        return null;
    }

    private long stamp(ByteBuffer buffer, long firstOffset, int epoch, long time) {
        long offset = firstOffset;
        cursor.over(buffer);
        while (cursor.next() == RecordBatches.Step.BATCH) {
            RecordBatch batch = cursor.batch();
            batch.stamp(offset, epoch);
            if (time >= 0) {
                batch.stampLogAppendTime(time);
            }
            offset = batch.nextOffset();
        }
        return offset;
    }

    AppendResult asFollower(ByteBuffer buffer) {
        log.writeLock.lock();
        try {
            if (!log.isUsable()) {
                return storageError();
            }
            long next = log.end.offset();
            long first = -1;
            long segmentBase = -1;
            long maxTimestamp = -1;
            cursor.over(buffer);
            RecordBatches.Step step = cursor.next();
            while (step == RecordBatches.Step.BATCH) {
                if (first < 0) {
                    first = cursor.baseOffset();
                    segmentBase = cursor.isLegacy() ? beforeSet(first, next) : first;
                }
                if (cursor.baseOffset() < next || cursor.lastOffset() < cursor.baseOffset()) {
                    return refused(
                            Errors.OFFSET_OUT_OF_RANGE,
                            "Expected a batch from offset " + next + " on, but got one of " + cursor.baseOffset()
                                    + " to " + cursor.lastOffset());
                }
                next = cursor.lastOffset() + 1;
                maxTimestamp = Math.max(maxTimestamp, cursor.maxTimestamp());
                step = cursor.next();
            }
            if (step != RecordBatches.Step.END || first < 0) {
                return refused(
                        Errors.CORRUPT_MESSAGE,
                        "Expected whole batches, but found something else at byte "
                                + (cursor.position() - buffer.position()) + " of " + buffer.remaining());
            }
            return write(
                    buffer, AppendOrigin.COORDINATOR, first, segmentBase, next, maxTimestamp, RecordBatch.NO_TIMESTAMP);
        } catch (IOException e) {
            return new AppendResult.Refused(log.failed("An append", e));
        } finally {
            log.writeLock.unlock();
        }
    }

    /**
     * What a segment is named by that begins with an entry of v0 or v1: a compressed set tells only its last offset, and
     * its first one lies somewhere from the log's end on.
     */
    private static long beforeSet(long lastOffset, long logEnd) {
        return Math.max(logEnd, lastOffset - Integer.MAX_VALUE);
    }

    /** @param segmentBase names the segment that the batches begin, if they do; not above their first record's offset */
    private AppendResult write(
            ByteBuffer buffer,
            AppendOrigin origin,
            long first,
            long segmentBase,
            long next,
            long maxTimestamp,
            long time)
            throws IOException {
        LogSegment active = log.active();
        TopicProperties properties = log.properties;
        int bytes = buffer.remaining();
        if (Rolling.isDue(active, properties, bytes, maxTimestamp, next - 1, log.folder.clock())) {
            active = roll(segmentBase);
        }
        writeTimed(active, buffer);
        cursor.over(buffer);
        while (cursor.next() == RecordBatches.Step.BATCH) {
            learn(active, origin);
        }
        log.tail.appended(bytes, first);
        log.publishProducers();
        log.end = new LogEnd(next, active, active.bytes());
        if (active.bytes() >= properties.segmentBytes() / 2) {
            spare.prepare();
        }
        flush.appended(bytes);
        return new AppendResult.Appended(first, next - 1, time, bytes);
    }

    private void writeTimed(LogSegment active, ByteBuffer buffer) throws IOException {
        int position = buffer.position();
        long began = log.folder.clock().monotonicNs();
        try {
            active.write(buffer);
        } catch (IOException e) {
            try {
                active.unwrite();
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        } finally {
            buffer.position(position);
            log.folder.tempo().note(began, log.folder.clock().monotonicNs());
        }
    }

    private void learn(LogSegment active, AppendOrigin origin) throws IOException {
        active.note(cursor.lastOffset(), cursor.sizeInBytes(), cursor.maxTimestamp());
        if (cursor.isLegacy()) {
            return;
        }
        RecordBatch batch = cursor.batch();
        if (log.epochs.assign(batch.leaderEpoch(), batch.baseOffset())) {
            flush.writeEpochsSoon();
        }
        CompletedTransaction completed = log.producers.appended(batch, origin);
        if (completed != null && completed.aborted()) {
            active.transactionIndex()
                    .append(new TransactionIndex.Entry(
                            completed.producerId(),
                            completed.firstOffset(),
                            completed.lastOffset(),
                            log.producers.lastStableOffset(completed)));
        }
    }

    /** Goes on in a new segment that begins at the offset. */
    LogSegment roll(long baseOffset) throws IOException {
        log.active().finish();
        ByteBuffer snapshot = ProducerSnapshot.encode(log.producers);
        LogSegment next = LogSegment.begin(
                log.place(),
                baseOffset,
                spare.take(SegmentFiles.file(log.path, baseOffset, SegmentFiles.LOG)),
                log.life(0));
        log.add(next);
        flush.rolled(baseOffset, snapshot, log.truncations);
        return next;
    }

    /** Goes on at a later offset, in a new segment: there is nothing in between. */
    void skipTo(long offset) throws IOException {
        log.writeLock.lock();
        try {
            LogSegment next = roll(offset);
            log.end = new LogEnd(offset, next, 0);
        } finally {
            log.writeLock.unlock();
        }
    }

    /** Goes on in a new segment, unless the active one is empty or not yet all below the high watermark. */
    void rollActive() throws IOException {
        log.writeLock.lock();
        try {
            long offset = log.end.offset();
            if (log.isUsable() && log.active().bytes() > 0 && offset <= log.highWatermark) {
                LogSegment next = roll(offset);
                log.end = new LogEnd(offset, next, 0);
            }
        } finally {
            log.writeLock.unlock();
        }
    }

    private AppendResult storageError() {
        return new AppendResult.Refused(log.storageError());
    }

    private static AppendResult refused(Errors error, String message) {
        return new AppendResult.Refused(Failure.of(error, message));
    }
}
