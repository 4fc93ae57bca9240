package io.ottla.storage;

import io.ottla.record.BatchFilter;
import io.ottla.record.EndTransactionMarker;
import io.ottla.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Learns the last offset of each key among the records that were not compacted yet, batch by batch, until there is no more
 * room. Used by one thread at a time.
 */
final class KeyLearning implements AutoCloseable {
    private static final int LEAST_BUFFER_BYTES = 256;

    private final List<LogSegment> segments;
    private final long from;
    private final KeyOffsets keys;
    private final CleanedTransactions transactions;
    private final BatchFilter reading;
    private final int bufferBytes;
    private int at;
    private LogSegment held;
    private SegmentBatches batches;
    private long end;
    private boolean isFull;

    /**
     * @param segments that may be compacted
     * @param aborted transactions with a batch among those that are read
     * @param maxRecordBytes larger records of compressed batches are not read
     */
    KeyLearning(
            List<LogSegment> segments,
            CleanableStretch stretch,
            List<TransactionIndex.Entry> aborted,
            LogCleaning.Means means,
            int maxRecordBytes) {
        this.segments = segments;
        this.from = stretch.firstDirty();
        this.end = stretch.upTo();
        this.keys = new KeyOffsets(means.mapBytes(), means.loadFactor(), end - from, means.random());
        this.transactions = new CleanedTransactions(aborted);
        this.reading = new BatchFilter().within(maxRecordBytes);
        this.bufferBytes = Math.max(LEAST_BUFFER_BYTES, means.bufferBytes() / 2);
        this.at = from < end ? LogState.floor(segments.toArray(LogSegment[]::new), from) : segments.size();
    }

    /** Goes on by a batch; returns its bytes, or -1 where all is learned that there is room for. */
    int next() throws IOException {
        while (!isFull && at < segments.size()) {
            if (batches == null && !open(segments.get(at))) {
                at++; // retention was there first
            } else if (batches.next()) {
                learn(batches.batch());
                return batches.bytes();
            } else {
                letGo();
                at++;
            }
        }
        letGo();
        return -1;
    }

    private boolean open(LogSegment segment) throws IOException {
        if (!segment.acquire()) {
            return false;
        }
        held = segment;
        batches = new SegmentBatches(segment, segment.positionOf(from, segment.bytes()), bufferBytes);
        return true;
    }

    private void letGo() {
        batches = null;
        if (held != null) {
            LogSegment one = held;
            held = null;
            one.release();
        }
    }

    private void learn(RecordBatch batch) {
        if (batch.isControl()) {
            EndTransactionMarker marker = EndTransactionMarker.of(batch);
            if (marker != null) {
                transactions.end(batch, marker.commits());
            }
        } else if (!transactions.isAborted(batch)) {
            reading.judge(batch, this::learn);
        }
    }

    private boolean learn(long offset, ByteBuffer bytes, int keyAt, int keyLength, boolean hasValue) {
        if (isFull || offset < from || keyLength < 0) {
            return false;
        }
        if (keys.isFull() && keys.get(bytes, keyAt, keyLength) == KeyOffsets.UNKNOWN) {
            isFull = true;
            end = offset;
            return false;
        }
        keys.put(bytes, keyAt, keyLength, offset);
        return true;
    }

    /** What was learned. */
    KeyOffsets keys() {
        return keys;
    }

    /** Up to where (exclusive) all was learned. */
    long end() {
        return end;
    }

    @Override
    public void close() {
        letGo();
        keys.close();
    }
}
