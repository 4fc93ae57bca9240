package io.ottla.storage;

import java.io.Closeable;
import java.io.IOException;

/**
 * A segment's indexes, and what they need to know of the batches since their last entries. One writer; readers of any
 * thread, without a lock.
 */
final class SegmentIndexes implements Closeable {
    private final long baseOffset;
    private final int intervalBytes;
    private final OffsetIndex offsets;
    private final TimeIndex times;
    private final TransactionIndex transactions;
    private volatile long maxTimestamp = -1;
    private long offsetOfMaxTimestamp;
    private int bytesSinceEntry;

    SegmentIndexes(LogSegment.Place place, long baseOffset, int offsetEntries, int timeEntries) {
        this.baseOffset = baseOffset;
        this.intervalBytes = place.indexIntervalBytes();
        this.offsetOfMaxTimestamp = baseOffset;
        this.offsets = new OffsetIndex(
                place.disk(),
                place.file(baseOffset, SegmentFiles.OFFSET_INDEX),
                baseOffset,
                place.indexBytes(),
                offsetEntries);
        this.times = new TimeIndex(
                place.disk(),
                place.file(baseOffset, SegmentFiles.TIME_INDEX),
                baseOffset,
                place.indexBytes(),
                timeEntries);
        this.transactions = new TransactionIndex(place.disk(), place.file(baseOffset, SegmentFiles.TRANSACTION_INDEX));
    }

    OffsetIndex offsets() {
        return offsets;
    }

    TimeIndex times() {
        return times;
    }

    TransactionIndex transactions() {
        return transactions;
    }

    boolean isFull() {
        return offsets.isFull() || times.isFull();
    }

    /** Counts a batch that begins at the position. Writer only. */
    void note(long lastOffset, int position, int batchBytes, long batchMaxTimestamp) throws IOException {
        noteTime(batchMaxTimestamp, lastOffset);
        if (bytesSinceEntry > intervalBytes && !offsets.isFull()) {
            offsets.append(lastOffset, position);
            times.appendIfLarger(maxTimestamp, offsetOfMaxTimestamp);
            bytesSinceEntry = 0;
        }
        bytesSinceEntry += batchBytes;
    }

    private void noteTime(long timestamp, long offset) {
        if (timestamp > maxTimestamp) {
            maxTimestamp = timestamp;
            offsetOfMaxTimestamp = offset;
        }
    }

    /** Drops all entries; batches are noted again. Writer only. */
    void reset() throws IOException {
        offsets.keep(0);
        times.keep(0);
        maxTimestamp = -1;
        offsetOfMaxTimestamp = baseOffset;
        bytesSinceEntry = 0;
    }

    /** Drops what concerns offsets from the given one on. What is left of the segment is noted next. Writer only. */
    void truncateTo(long offset) throws IOException {
        offsets.truncateTo(offset);
        times.truncateTo(offset);
        transactions.truncateTo(offset);
        TimeIndex.Entry last = times.last();
        maxTimestamp = last.timestamp();
        offsetOfMaxTimestamp = last.offset();
    }

    /**
     * Looks at the batches after the last entry, whose end the segment's is now. Writer only.
     *
     * @param bytes of the segment
     */
    void noteRest(BatchScanner rest, int bytes) throws IOException {
        while (rest.next()) {
            noteTime(rest.maxTimestamp(), rest.lastOffset());
        }
        bytesSinceEntry = bytes - offsets.lastPosition();
    }

    /** Makes room for more entries behind those that are there. Writer only. */
    void open(int indexBytes, int bytes) throws IOException {
        offsets.limit(indexBytes);
        times.limit(indexBytes);
        transactions.entries();
        TimeIndex.Entry last = times.last();
        noteTime(last.timestamp(), last.offset());
        bytesSinceEntry = bytes - offsets.lastPosition();
    }

    /** Puts the last entry into the time index: nothing follows. Writer only; cheap. */
    void finish() throws IOException {
        times.appendIfLarger(maxTimestamp, offsetOfMaxTimestamp);
    }

    /** Largest timestamp noted in this process, or -1. */
    long maxTimestamp() {
        return maxTimestamp;
    }

    /** Largest timestamp of all batches, or -1. Blocks where it has to look into the time index. */
    long largestTimestamp() throws IOException {
        long last = times.last().timestamp();
        if (last > maxTimestamp) {
            maxTimestamp = last;
        }
        return maxTimestamp;
    }

    /** Opens the files, or learns what they say. Blocks. */
    void openForReaders() throws IOException {
        offsets.openForReaders();
        times.openForReaders();
        transactions.entries();
    }

    /** Brings all to disk; entries leave memory. Blocks. */
    void seal() throws IOException {
        offsets.seal();
        times.seal();
        transactions.write(true);
    }

    @Override
    public void close() throws IOException {
        offsets.close();
        times.close();
    }
}
