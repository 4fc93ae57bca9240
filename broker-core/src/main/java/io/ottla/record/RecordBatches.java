package io.ottla.record;

import java.nio.ByteBuffer;

/**
 * A cursor over entries that lie one after the other in a buffer: batches of format v2 and, in old segments, entries of
 * v0 and v1. It believes no length before it has compared it with what is there, and checks no checksum unless asked
 * ({@link #isIntact}).
 *
 * <pre>
 *   batches.over(buffer);
 *   while (batches.next() == Step.BATCH) { … batches.baseOffset() … }
 *   batches.position()   // behind the last whole entry
 * </pre>
 *
 * <p>What all formats have is read here; {@link #batch} and {@link #legacy} give the rest. Never moves the buffer's
 * position or limit. Reusable; not thread-safe.
 */
public final class RecordBatches {
    /** What a step found. */
    public enum Step {
        /** A whole entry; its checksum is not checked yet. */
        BATCH,
        /** Nothing more: the entries fill the buffer exactly. */
        END,
        /** An entry begins, but its end, or even its length, is not in the buffer. */
        PARTIAL,
        /** What is there is no entry: a length that is too small, or a magic that does not exist. */
        CORRUPT
    }

    /** Bytes from an entry's start that {@link #sizeOf} and the magic need. */
    public static final int PREFIX_SIZE = 17;

    private final RecordBatch batch = new RecordBatch();
    private final LegacyEntry legacy = new LegacyEntry();
    private ByteBuffer buffer;
    private int limit;
    private int start;
    private int next;

    /** Begins at the buffer's position and ends at its limit. */
    public RecordBatches over(ByteBuffer source) {
        return over(source, source.position(), source.limit());
    }

    /** Begins and ends at absolute indexes. */
    public RecordBatches over(ByteBuffer source, int from, int to) {
        buffer = source;
        start = from;
        next = from;
        limit = to;
        return this;
    }

    /** Steps to the next entry. Anything but {@link Step#BATCH} leaves the cursor where it is. */
    public Step next() {
        int available = limit - next;
        if (available == 0) {
            return Step.END;
        }
        if (available < PREFIX_SIZE) {
            return available >= RecordBatch.LOG_OVERHEAD && lengthAt(buffer, next) < PREFIX_SIZE
                    ? Step.CORRUPT
                    : Step.PARTIAL;
        }
        int size = sizeOf(buffer, next);
        if (size < 0) {
            return Step.CORRUPT;
        }
        if (size > available) {
            return Step.PARTIAL;
        }
        start = next;
        next += size;
        if (isLegacy()) {
            legacy.wrap(buffer, start);
        } else {
            batch.wrap(buffer, start);
        }
        return Step.BATCH;
    }

    /**
     * Bytes of the entry that begins at an absolute index, of which {@link #PREFIX_SIZE} bytes must be there.
     *
     * @return -1 where no entry begins there
     */
    public static int sizeOf(ByteBuffer source, int index) {
        byte magic = source.get(index + RecordBatch.MAGIC_AT);
        if (magic < 0 || magic > RecordBatch.MAGIC) {
            return -1;
        }
        int least = magic == RecordBatch.MAGIC ? RecordBatch.HEADER_SIZE : LegacyEntry.minSize(magic);
        long size = lengthAt(source, index);
        return size < least || size > Integer.MAX_VALUE ? -1 : (int) size;
    }

    private static long lengthAt(ByteBuffer source, int index) {
        return (long) RecordBatch.LOG_OVERHEAD + source.getInt(index + RecordBatch.LENGTH_AT);
    }

    /** Where the current entry begins in the buffer. */
    public int start() {
        return start;
    }

    /** The index behind the last whole entry; where the next one begins. */
    public int position() {
        return next;
    }

    /** The current entry's format: 0, 1 or 2. */
    public byte magic() {
        return buffer.get(start + RecordBatch.MAGIC_AT);
    }

    public boolean isLegacy() {
        return magic() < RecordBatch.MAGIC;
    }

    /** The current entry where its magic is 2. Valid until the next step. */
    public RecordBatch batch() {
        return batch;
    }

    /** The current entry where {@link #isLegacy}. Valid until the next step. */
    public LegacyEntry legacy() {
        return legacy;
    }

    public int sizeInBytes() {
        return next - start;
    }

    /** Whether the current entry's checksum fits. */
    public boolean isIntact() {
        return isLegacy() ? legacy.isIntact() : batch.isIntact();
    }

    /**
     * The first offset, as cheap as the format allows: a compressed set of v0 or v1 tells only its last offset, which
     * is returned then; {@link LegacyRecords#firstOffset} opens it.
     */
    public long baseOffset() {
        return buffer.getLong(start);
    }

    public long lastOffset() {
        return isLegacy() ? legacy.offset() : batch.lastOffset();
    }

    /** Milliseconds; {@link RecordBatch#NO_TIMESTAMP} where there is none. */
    public long maxTimestamp() {
        return isLegacy() ? legacy.maxTimestamp() : batch.maxRecordTimestamp();
    }

    /** Epoch of the leader that appended the entry; -1 where none is known, as in v0 and v1. */
    public int leaderEpoch() {
        return isLegacy() ? RecordBatch.NO_EPOCH : batch.leaderEpoch();
    }
}
