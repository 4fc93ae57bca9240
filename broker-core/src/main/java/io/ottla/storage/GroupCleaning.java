package io.ottla.storage;

import io.ottla.record.RecordBatch;
import io.ottla.record.RecordBatches;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Writes what compaction leaves of neighbouring segments into one new segment, bit by bit. Nobody but this sees the new one
 * yet. Used by one thread at a time, who holds the segments.
 */
final class GroupCleaning {
    private static final int LEAST_BUFFER_BYTES = 256;

    private final List<LogSegment> sources;
    private final LogSegment target;
    private final BatchCleaner cleaner;
    private final int readBytes;
    private final RecordBatches written = new RecordBatches();
    private ByteBuffer buffer;
    private int at;
    private SegmentBatches batches;
    private boolean isChanged;
    private long bytesWritten;

    /** @param bufferBytes for reading and for writing */
    GroupCleaning(List<LogSegment> sources, LogSegment target, BatchCleaner cleaner, int bufferBytes) {
        this.sources = sources;
        this.target = target;
        this.cleaner = cleaner;
        this.readBytes = Math.max(LEAST_BUFFER_BYTES, bufferBytes / 2);
        this.buffer = ByteBuffer.allocate(readBytes);
        this.isChanged = sources.size() > 1;
    }

    /** Goes on by a batch; returns its bytes, or -1 where there was none and all is written. */
    int next() throws IOException {
        while (at < sources.size()) {
            if (batches == null) {
                batches = new SegmentBatches(sources.get(at), readBytes);
            }
            if (batches.next()) {
                clean(batches.batch());
                return batches.bytes();
            }
            batches = null;
            at++;
        }
        write();
        target.finish();
        return -1;
    }

    private void clean(RecordBatch batch) throws IOException {
        isChanged |= batches.isUpgraded();
        ByteBuffer left = cleaner.clean(batch, batches.isLast() && isLastWithBatches());
        isChanged |= cleaner.isChanged();
        if (cleaner.aborted() != null) {
            target.transactionIndex().append(cleaner.aborted());
        }
        if (left == null) {
            return;
        }
        if (left.remaining() > buffer.remaining()) {
            write();
        }
        if (left.remaining() > buffer.capacity()) {
            write(left);
        } else {
            buffer.put(left);
        }
    }

    private boolean isLastWithBatches() {
        for (LogSegment later : sources.subList(at + 1, sources.size())) {
            if (later.bytes() > 0) {
                return false;
            }
        }
        return true;
    }

    private void write() throws IOException {
        buffer.flip();
        write(buffer);
        buffer.clear();
    }

    private void write(ByteBuffer whole) throws IOException {
        if ((long) target.bytes() + whole.remaining() > Integer.MAX_VALUE) {
            throw new CorruptSegmentException("Expected what is left of " + sources
                    + " to fit into one segment, but in today's format it takes more than 2 GiB");
        }
        int start = whole.position();
        bytesWritten += whole.remaining();
        target.write(whole);
        written.over(whole, start, whole.limit());
        while (written.next() == RecordBatches.Step.BATCH) {
            target.note(written.lastOffset(), written.sizeInBytes(), written.maxTimestamp());
        }
    }

    /** Whether the new segment is another than the one it was made of. */
    boolean isChanged() {
        return isChanged;
    }

    long bytesWritten() {
        return bytesWritten;
    }
}
