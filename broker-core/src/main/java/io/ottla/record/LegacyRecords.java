package io.ottla.record;

import java.nio.ByteBuffer;

/**
 * Reads the messages of one v0 or v1 entry: itself, or those of the set that is compressed into its value. In v1 a set
 * numbers its messages from 0 and the outer entry has the offset of the last; in v0 all offsets are absolute. Source:
 * KIP-31, KIP-32.
 *
 * <p>The object is the view of the current message. Reusable; not thread-safe.
 */
public final class LegacyRecords {
    private final Decompression decompression;
    private final LegacyEntry current = new LegacyEntry();
    private int maxRecordBytes = Integer.MAX_VALUE;
    private ByteBuffer buffer;
    private int next;
    private int limit;
    private long offsetShift;
    private long appendTime;

    public LegacyRecords() {
        this(Decompression.DEFAULT_MAX_BYTES);
    }

    /** @param maxDecompressedBytes what one set may become; beyond it, it counts as corrupt */
    public LegacyRecords(int maxDecompressedBytes) {
        decompression = new Decompression(maxDecompressedBytes);
    }

    /** Allows no larger message in compressed sets, bytes after its size field; without this, nothing bounds it. */
    public LegacyRecords within(int mostRecordBytes) {
        maxRecordBytes = mostRecordBytes;
        return this;
    }

    /**
     * Begins before the first message of an entry.
     *
     * @throws CorruptRecords where the entry is not intact or its set can't be opened
     * @throws OversizedRecord where a message of its set is larger than is allowed
     */
    public LegacyRecords over(LegacyEntry entry) {
        Codec codec = entry.codec();
        if (codec == null || codec == Codec.ZSTD || !entry.isIntact()) {
            throw CorruptRecords.because("Expected an intact entry of format v" + entry.magic()
                    + " with a codec that the format has, but the one at offset " + entry.offset() + " is not");
        }
        appendTime = entry.isLogAppendTime() ? entry.maxTimestamp() : RecordBatch.NO_TIMESTAMP;
        offsetShift = 0;
        if (codec == Codec.NONE) {
            buffer = entry.buffer();
            next = entry.start();
            limit = next + entry.sizeInBytes();
        } else {
            openSet(entry, codec);
        }
        return this;
    }

    private void openSet(LegacyEntry entry, Codec codec) {
        if (entry.value() == null) {
            throw CorruptRecords.because(
                    "Expected a compressed set, but the entry at offset " + entry.offset() + " has no value");
        }
        buffer = decompression.all(codec, entry.value(), entry.magic());
        next = 0;
        limit = buffer.limit();
        long last = -1;
        for (int at = 0; at < limit; at += current.sizeInBytes()) {
            checkInner(entry, at);
            last = current.offset();
        }
        if (last < 0) {
            throw CorruptRecords.because("Expected messages, but the set at offset " + entry.offset() + " is empty");
        }
        // Some clients' sets had offset 0 outside; a broker numbers them before it writes them.
        offsetShift = entry.magic() == 0 || entry.offset() < last ? 0 : entry.offset() - last;
    }

    private void checkInner(LegacyEntry outer, int at) {
        int size = limit - at < RecordBatches.PREFIX_SIZE ? -1 : RecordBatches.sizeOf(buffer, at);
        if (size - RecordBatch.LOG_OVERHEAD > maxRecordBytes) {
            throw new OversizedRecord(size - RecordBatch.LOG_OVERHEAD, maxRecordBytes, outer.offset());
        }
        boolean fits = size > 0
                && size <= limit - at
                && current.wrap(buffer, at).magic() == outer.magic()
                && !current.isCompressed()
                && current.isIntact();
        if (!fits) {
            throw CorruptRecords.because("Expected an intact message of format v" + outer.magic()
                    + ", but there is none at byte " + at + " of the set at offset " + outer.offset());
        }
    }

    /** Steps to the next message; false behind the last one. */
    public boolean next() {
        if (next == limit) {
            return false;
        }
        current.wrap(buffer, next);
        next += current.sizeInBytes();
        return true;
    }

    public long offset() {
        return current.offset() + offsetShift;
    }

    /** Milliseconds; {@link RecordBatch#NO_TIMESTAMP} in v0. */
    public long timestamp() {
        return appendTime == RecordBatch.NO_TIMESTAMP ? current.maxTimestamp() : appendTime;
    }

    /** A window on the key, null without one. */
    public ByteBuffer key() {
        return current.key();
    }

    /** A window on the value, null without one. */
    public ByteBuffer value() {
        return current.value();
    }

    /** The offset of an entry's first message, which for a compressed set means opening it. */
    public long firstOffset(LegacyEntry entry) {
        if (!entry.isCompressed()) {
            return entry.offset();
        }
        over(entry).next();
        return offset();
    }
}
