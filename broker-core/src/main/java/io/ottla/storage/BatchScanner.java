package io.ottla.storage;

import io.ottla.record.LegacyEntry;
import io.ottla.record.RecordBatch;
import io.ottla.record.RecordBatches;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Walks over the batches of a part of a segment's file by their headers, reading ahead in chunks. Stops at the end of
 * the part, or where what stands there cannot be a whole batch. An entry of v0 or v1 counts as a batch. Used by one
 * thread.
 */
final class BatchScanner {
    /** As many bytes as a header has in any format. */
    static final int HEADER_BYTES = RecordBatch.HEADER_SIZE;

    private final FileChannel channel;
    private final int end;
    private final RecordBatch batch = new RecordBatch();
    private final LegacyEntry legacy = new LegacyEntry();
    private ByteBuffer buffer;
    private int bufferStart;
    private int position;
    private int bytes;

    /** @param chunkBytes read at once: little where few batches are looked at, much where all are */
    BatchScanner(FileChannel channel, int from, int end, int chunkBytes) {
        this.channel = channel;
        this.end = end;
        this.buffer = ByteBuffer.allocate(Math.max(HEADER_BYTES, Math.min(chunkBytes, Math.max(0, end - from))));
        this.buffer.limit(0);
        this.bufferStart = from;
        this.position = from;
    }

    /** Goes to the next batch. */
    boolean next() throws IOException {
        position += bytes;
        bytes = 0;
        int left = end - position;
        if (left < RecordBatches.PREFIX_SIZE || !load(Math.min(left, HEADER_BYTES))) {
            return false;
        }
        int size = RecordBatches.sizeOf(buffer, at());
        if (size < 0 || size > left) {
            return false;
        }
        bytes = size;
        wrap();
        return true;
    }

    private void wrap() {
        if (isLegacy()) {
            legacy.wrap(buffer, at());
        } else {
            batch.wrap(buffer, at());
        }
    }

    /** Where in the file the batch begins; after the last one, where the walk stopped. */
    int position() {
        return position;
    }

    int bytes() {
        return bytes;
    }

    /** Where in the file the next batch begins. */
    int nextPosition() {
        return position + bytes;
    }

    boolean isLegacy() {
        return buffer.get(at() + RecordBatches.PREFIX_SIZE - 1) < RecordBatch.MAGIC;
    }

    /** The batch where it is of format v2: its header, and all of it after {@link #loadWhole}. */
    RecordBatch batch() {
        return batch;
    }

    /** The entry where it is of an older format: the same. */
    LegacyEntry legacy() {
        return legacy;
    }

    /** The first offset; of old formats the last one of the set. */
    long baseOffset() {
        return buffer.getLong(at());
    }

    long lastOffset() {
        return isLegacy() ? legacy.offset() : batch.lastOffset();
    }

    /** Milliseconds, or -1; also where compaction took all records out. */
    long maxTimestamp() {
        return isLegacy() ? legacy.maxTimestamp() : batch.maxRecordTimestamp();
    }

    /** -1 where the format has none. */
    int leaderEpoch() {
        return isLegacy() ? -1 : batch.leaderEpoch();
    }

    /**
     * Whether the batch has a record for each of its offsets, as every batch has that was not compacted: then no bit of
     * its last offset has turned. Old formats tell no more than the one offset.
     */
    boolean isDense() {
        return isLegacy() || batch.recordCount() == batch.lastOffsetDelta() + 1L;
    }

    /** Whether the last offset is what was written. Loads the batch only where it is not dense. */
    boolean endsWhereItSays() throws IOException {
        return isDense() || isIntact();
    }

    /** Whether the checksum fits; loads the whole batch. */
    boolean isIntact() throws IOException {
        return loadWhole() && (isLegacy() ? legacy.isIntact() : batch.isIntact());
    }

    /** Brings the whole batch into the buffer; false where the file ends before. */
    boolean loadWhole() throws IOException {
        boolean loaded = load(bytes);
        wrap();
        return loaded;
    }

    private int at() {
        return position - bufferStart;
    }

    private boolean load(int wanted) throws IOException {
        if (position - bufferStart + wanted <= buffer.limit()) {
            return true;
        }
        if (buffer.capacity() < wanted) {
            buffer = ByteBuffer.allocate(wanted);
        }
        buffer.clear();
        buffer.limit(Math.min(buffer.capacity(), end - position));
        int read = ChannelBytes.read(channel, buffer, position);
        buffer.flip();
        bufferStart = position;
        return read >= wanted;
    }
}
