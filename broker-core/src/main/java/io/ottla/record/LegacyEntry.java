package io.ottla.record;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * An entry of the message formats v0 and v1 seen in place: one message, or a set of messages compressed into the value
 * of one. Big-endian. Segments that Kafka wrote before 0.11, or for topics with {@code message.format.version} below it,
 * hold them. Source: Kafka's message format documentation; KIP-31 (relative offsets), KIP-32 (timestamps).
 *
 * <pre>
 *   0  offset      int64   of the message; of the last one in a compressed set
 *   8  size        int32   bytes after this field
 *  12  crc         uint32  CRC-32 from magic to the end
 *  16  magic       int8    0 or 1
 *  17  attributes  int8    bits 0-2 codec, 3 log-append time (v1)
 *  18  timestamp   int64   v1 only; the largest of a compressed set
 *      keyLength   int32   -1: null
 *      key
 *      valueLength int32   -1: null
 *      value               the compressed set where the codec says so
 * </pre>
 *
 * <p>Like {@link RecordBatch} it trusts the caller that {@link #sizeInBytes} bytes are there. Reusable; not
 * thread-safe.
 */
public final class LegacyEntry {
    static final int CRC_AT = 12;
    static final int MAGIC_AT = 16;
    static final int ATTRIBUTES_AT = 17;
    static final int TIMESTAMP_AT = 18;

    /** Bytes of an entry without key and value. */
    static final int MIN_SIZE_V0 = 26;

    static final int MIN_SIZE_V1 = 34;

    private static final int LOG_APPEND_TIME_BIT = 0x08;

    private final CRC32 checksum = new CRC32();
    private ByteBuffer buffer;
    private int start;

    /** Looks at the entry that begins at an absolute index. */
    public LegacyEntry wrap(ByteBuffer source, int index) {
        buffer = source;
        start = index;
        return this;
    }

    /** Bytes that an entry of that magic has at least. */
    static int minSize(byte magic) {
        return magic == 0 ? MIN_SIZE_V0 : MIN_SIZE_V1;
    }

    /** The buffer that holds the entry, as given to {@link #wrap}. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** Where in the buffer the entry begins. */
    public int start() {
        return start;
    }

    /** As written: the message's offset, the last one's of a compressed set. */
    public long offset() {
        return buffer.getLong(start);
    }

    /** Bytes of the whole entry. */
    public int sizeInBytes() {
        return RecordBatch.LOG_OVERHEAD + buffer.getInt(start + RecordBatch.LENGTH_AT);
    }

    /** 0 or 1. */
    public byte magic() {
        return buffer.get(start + MAGIC_AT);
    }

    /** The checksum as written, 0 … 2^32-1. */
    public long crc() {
        return Integer.toUnsignedLong(buffer.getInt(start + CRC_AT));
    }

    public byte attributes() {
        return buffer.get(start + ATTRIBUTES_AT);
    }

    /** The codec, null where the attributes name none that exists. */
    public Codec codec() {
        return Codec.ofAttributes(attributes());
    }

    /** Whether the value is a set of messages. */
    public boolean isCompressed() {
        return (attributes() & Codec.MASK) != 0;
    }

    public boolean isLogAppendTime() {
        return magic() != 0 && (attributes() & LOG_APPEND_TIME_BIT) != 0;
    }

    /** Milliseconds, the largest of a compressed set; {@link RecordBatch#NO_TIMESTAMP} in v0. */
    public long maxTimestamp() {
        return magic() == 0 ? RecordBatch.NO_TIMESTAMP : buffer.getLong(start + TIMESTAMP_AT);
    }

    /** Whether the entry is long enough for its magic, its checksum fits, and key and value fill it exactly. */
    public boolean isIntact() {
        return sizeInBytes() >= minSize(magic()) && crc() == computeCrc() && isFilled();
    }

    private boolean isFilled() {
        int end = start + sizeInBytes();
        int keyAt = keyLengthAt() + 4;
        long valueLengthAt = (long) keyAt + Math.max(keyLength(), 0);
        return keyLength() >= -1
                && valueLengthAt + 4 <= end
                && valueLength() >= -1
                && valueLengthAt + 4 + Math.max(valueLength(), 0) == end;
    }

    long computeCrc() {
        checksum.reset();
        checksum.update(buffer.slice(start + MAGIC_AT, sizeInBytes() - MAGIC_AT));
        return checksum.getValue();
    }

    /** Bytes of the key, -1 for null. */
    public int keyLength() {
        return buffer.getInt(keyLengthAt());
    }

    /** A window on the key, null without one. Only of an entry that {@link #isIntact}. */
    public ByteBuffer key() {
        return keyLength() < 0 ? null : buffer.slice(keyLengthAt() + 4, keyLength());
    }

    /** Bytes of the value, -1 for null. Only of an entry that {@link #isIntact}. */
    public int valueLength() {
        return buffer.getInt(valueLengthAt());
    }

    /** A window on the value, null without one. Only of an entry that {@link #isIntact}. */
    public ByteBuffer value() {
        return valueLength() < 0 ? null : buffer.slice(valueLengthAt() + 4, valueLength());
    }

    private int keyLengthAt() {
        return start + (magic() == 0 ? TIMESTAMP_AT : TIMESTAMP_AT + 8);
    }

    private int valueLengthAt() {
        return keyLengthAt() + 4 + Math.max(keyLength(), 0);
    }
}
