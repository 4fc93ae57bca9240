package io.ottla.storage;

import io.ottla.record.BatchFilter;
import io.ottla.record.CorruptRecords;
import io.ottla.record.EndTransactionMarker;
import io.ottla.record.RecordBatch;
import io.ottla.record.RecordSelection;
import java.nio.ByteBuffer;

/**
 * What compaction leaves of a batch. A record goes where a later one has its key, where it has none, and where its
 * transaction was aborted. A tombstone goes once its batch's delete horizon has passed; so does a marker, and not before all
 * batches of its transaction have gone (KIP-534). Batches are shown in their order. Used by one thread at a time.
 */
final class BatchCleaner {
    private static final RecordSelection ALL = (_, _, _, _, _) -> true;

    /**
     * How a log is compacted in one pass.
     *
     * @param keys the last offset of each key that was not compacted before
     * @param end up to where (exclusive) the keys are known: what stands below is compacted after this pass
     * @param nowMs wall clock, when the pass began
     * @param deleteRetentionMs for so long tombstones stay once what they delete is gone
     * @param maxRecordBytes larger records of compressed batches are not read
     */
    record Rules(
            KeyOffsets keys,
            CleanedTransactions transactions,
            LastOfProducers lasts,
            long end,
            long nowMs,
            long deleteRetentionMs,
            int maxRecordBytes) {
        /** The horizon that a batch gets now; {@link RecordBatch#NO_TIMESTAMP} where none is ever reached. */
        long horizonMs() {
            return deleteRetentionMs > Long.MAX_VALUE - nowMs
                    ? RecordBatch.NO_TIMESTAMP
                    : Math.max(0, nowMs + deleteRetentionMs);
        }
    }

    private final Rules rules;
    private final BatchFilter filter;
    private long horizonMs;
    private boolean isChanged;
    private long earliestHorizonMs = Long.MAX_VALUE;
    private TransactionIndex.Entry aborted;

    BatchCleaner(Rules rules) {
        this.rules = rules;
        this.filter = new BatchFilter().within(rules.maxRecordBytes);
    }

    /**
     * What is left of the batch.
     *
     * @param isEnd whether the batch is the last of those that become one segment: its last offset stays known in any case,
     *     so that a crash in the midst of a swap finds all segments that were to go
     * @return valid until the next call and as long as the batch; null where nothing is left
     * @throws CorruptRecords where a record can't be read
     */
    ByteBuffer clean(RecordBatch batch, boolean isEnd) {
        aborted = null;
        isChanged = false;
        ByteBuffer left = batch.isControl() ? marker(batch) : data(batch);
        if (left != null) {
            return left;
        }
        boolean isLast = rules.lasts.has(batch);
        isChanged = batch.recordCount() > 0 || !isLast && (batch.hasProducerId() || !isEnd);
        if (isLast) {
            return batch.recordCount() == 0 ? batch.slice() : BatchFilter.empty(batch);
        }
        return isEnd ? BatchFilter.placeholder(batch) : null;
    }

    private ByteBuffer data(RecordBatch batch) {
        boolean isAborted = rules.transactions.isAborted(batch);
        if (isAborted || batch.recordCount() == 0) {
            return null;
        }
        horizonMs = batch.deleteHorizonMs();
        filter.judge(batch, this::keeps);
        if (filter.kept() == 0) {
            return null;
        }
        long horizon = RecordBatch.NO_TIMESTAMP;
        if (filter.hasTombstones() && batch.lastOffset() < rules.end) {
            horizon = horizonMs >= 0 ? RecordBatch.NO_TIMESTAMP : rules.horizonMs();
            noteHorizon(Math.max(horizon, horizonMs));
        }
        if (horizon < 0 && filter.isUntouched()) {
            return batch.slice();
        }
        isChanged = true;
        return filter.write(horizon);
    }

    private boolean keeps(long offset, ByteBuffer bytes, int keyAt, int keyLength, boolean hasValue) {
        return keyLength >= 0 && rules.keys.get(bytes, keyAt, keyLength) <= offset && (hasValue || !hasExpired(offset));
    }

    /** Not where what the tombstone deletes may still be there: its horizon may come from a pass that was given up. */
    private boolean hasExpired(long offset) {
        return horizonMs >= 0 && horizonMs <= rules.nowMs && offset < rules.end;
    }

    private ByteBuffer marker(RecordBatch batch) {
        if (batch.recordCount() == 0) {
            return null;
        }
        EndTransactionMarker marker = EndTransactionMarker.of(batch);
        if (marker == null) {
            return batch.slice(); // of something else than a transaction
        }
        CleanedTransactions.Ended ended = rules.transactions.end(batch, marker.commits());
        long horizon = batch.deleteHorizonMs();
        boolean isWaiting = ended.isOrphan() && batch.lastOffset() < rules.end;
        if (isWaiting && horizon >= 0 && horizon <= rules.nowMs) {
            return null;
        }
        aborted = ended.aborted();
        long begun = isWaiting && horizon < 0 ? rules.horizonMs() : RecordBatch.NO_TIMESTAMP;
        if (isWaiting) {
            noteHorizon(Math.max(begun, horizon));
        }
        if (begun < 0) {
            return batch.slice();
        }
        isChanged = true;
        return filter.judge(batch, ALL).write(begun);
    }

    private void noteHorizon(long horizon) {
        if (horizon >= 0) {
            earliestHorizonMs = Math.min(earliestHorizonMs, horizon);
        }
    }

    /** Whether the last batch is another than it was. */
    boolean isChanged() {
        return isChanged;
    }

    /** What the index of aborted transactions keeps of the last batch, a marker that stays; or null. */
    TransactionIndex.Entry aborted() {
        return aborted;
    }

    /** When the first tombstone or marker of all that stayed may go; {@link Long#MAX_VALUE} where none may. */
    long earliestHorizonMs() {
        return earliestHorizonMs;
    }
}
