package io.ottla.record;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A record batch (message format v2) seen in place: a window over a buffer, never a copy. Big-endian throughout.
 * Source: KIP-98, KIP-32 (timestamp types), KIP-534 (delete horizon), Kafka's message format documentation.
 *
 * <pre>
 *   0  baseOffset            int64   offset of the first record; stamped by the leader, not covered by the CRC
 *   8  batchLength           int32   bytes after this field; not covered by the CRC
 *  12  partitionLeaderEpoch  int32   stamped by the leader, not covered by the CRC
 *  16  magic                 int8    2
 *  17  crc                   uint32  CRC-32C from attributes to the end
 *  21  attributes            int16   bits 0-2 codec, 3 log-append time, 4 transactional, 5 control, 6 delete horizon;
 *                                  the others mean nothing yet, and are kept
 *  23  lastOffsetDelta       int32   offset of the last record, less baseOffset
 *  27  baseTimestamp         int64   of the first record; the delete horizon where bit 6 says so
 *  35  maxTimestamp          int64   largest of all records; the append time where bit 3 says so
 *  43  producerId            int64   -1: not idempotent
 *  51  producerEpoch         int16   -1: none
 *  53  baseSequence          int32   of the first record; -1: none
 *  57  recordCount           int32   records that are in the batch; compaction leaves fewer than lastOffsetDelta + 1
 *  61  records                       see {@link RecordIterator}; compressed together where the codec says so
 * </pre>
 *
 * <p>Reads and writes at absolute indexes and never moves the buffer's position or limit. {@link #wrap} checks
 * nothing: the caller has made sure that {@link #HEADER_SIZE} bytes and, for what reads past the header,
 * {@link #sizeInBytes} bytes are there ({@link RecordBatches} does). Reusable; not thread-safe.
 */
public final class RecordBatch {
    /** Bytes of everything before the records. */
    public static final int HEADER_SIZE = 61;

    /** Bytes of base offset and length, which {@link #batchLength} does not count; the same in all formats. */
    public static final int LOG_OVERHEAD = 12;

    /** The format that this class reads and writes. */
    public static final byte MAGIC = 2;

    /** Stands for a timestamp that is not there. */
    public static final long NO_TIMESTAMP = -1;

    /** Stands for a producer that is not idempotent. */
    public static final long NO_PRODUCER_ID = -1;

    /** Stands for an epoch that is not there, of a producer or of a leader. */
    public static final short NO_EPOCH = -1;

    /** Stands for a sequence number that is not there. */
    public static final int NO_SEQUENCE = -1;

    static final int LENGTH_AT = 8;
    static final int LEADER_EPOCH_AT = 12;
    static final int MAGIC_AT = 16;
    static final int CRC_AT = 17;
    static final int ATTRIBUTES_AT = 21;
    static final int LAST_OFFSET_DELTA_AT = 23;
    static final int BASE_TIMESTAMP_AT = 27;
    static final int MAX_TIMESTAMP_AT = 35;
    static final int PRODUCER_ID_AT = 43;
    static final int PRODUCER_EPOCH_AT = 51;
    static final int BASE_SEQUENCE_AT = 53;
    static final int RECORD_COUNT_AT = 57;

    static final int LOG_APPEND_TIME_BIT = 0x08;
    static final int TRANSACTIONAL_BIT = 0x10;
    static final int CONTROL_BIT = 0x20;
    static final int DELETE_HORIZON_BIT = 0x40;

    private final CRC32C checksum = new CRC32C();
    private ByteBuffer buffer;
    private int start;

    /** Looks at the batch that begins at an absolute index of a big-endian buffer. */
    public RecordBatch wrap(ByteBuffer source, int index) {
        buffer = source;
        start = index;
        return this;
    }

    /** The buffer that holds the batch, as given to {@link #wrap}. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** Where in the buffer the batch begins. */
    public int start() {
        return start;
    }

    /** Where in the buffer the first byte behind the batch lies. */
    public int end() {
        return start + sizeInBytes();
    }

    public long baseOffset() {
        return buffer.getLong(start);
    }

    /** The offset of the last record that the batch had when it was written. */
    public long lastOffset() {
        return baseOffset() + lastOffsetDelta();
    }

    /** The offset behind the batch. */
    public long nextOffset() {
        return lastOffset() + 1;
    }

    /** The bytes after the length field, as written there. */
    public int batchLength() {
        return buffer.getInt(start + LENGTH_AT);
    }

    /** Bytes of the whole batch. */
    public int sizeInBytes() {
        return LOG_OVERHEAD + batchLength();
    }

    /** The epoch of the leader that appended the batch; -1 where none is known. */
    public int leaderEpoch() {
        return buffer.getInt(start + LEADER_EPOCH_AT);
    }

    public byte magic() {
        return buffer.get(start + MAGIC_AT);
    }

    /** The checksum as written, 0 … 2^32-1. */
    public long crc() {
        return Integer.toUnsignedLong(buffer.getInt(start + CRC_AT));
    }

    /** All attribute bits. */
    public short attributes() {
        return buffer.getShort(start + ATTRIBUTES_AT);
    }

    /** The codec of the records, null where the attributes name none that exists. */
    public Codec codec() {
        return Codec.ofAttributes(attributes());
    }

    public boolean isCompressed() {
        return (attributes() & Codec.MASK) != 0;
    }

    /** Whether {@link #maxTimestamp} is the time of the append and every record's timestamp. */
    public boolean isLogAppendTime() {
        return (attributes() & LOG_APPEND_TIME_BIT) != 0;
    }

    public boolean isTransactional() {
        return (attributes() & TRANSACTIONAL_BIT) != 0;
    }

    /** Whether the records are markers of the cluster and not a client's. */
    public boolean isControl() {
        return (attributes() & CONTROL_BIT) != 0;
    }

    public boolean hasDeleteHorizon() {
        return (attributes() & DELETE_HORIZON_BIT) != 0;
    }

    /** When the cleaner may drop the batch's tombstones or marker, milliseconds; {@link #NO_TIMESTAMP} if unset. */
    public long deleteHorizonMs() {
        return hasDeleteHorizon() ? buffer.getLong(start + BASE_TIMESTAMP_AT) : NO_TIMESTAMP;
    }

    public int lastOffsetDelta() {
        return buffer.getInt(start + LAST_OFFSET_DELTA_AT);
    }

    /** What the records' timestamps are relative to, milliseconds (the delete horizon where there is one). */
    public long baseTimestamp() {
        return buffer.getLong(start + BASE_TIMESTAMP_AT);
    }

    /** The largest timestamp, milliseconds; {@link #NO_TIMESTAMP} where no record has one. */
    public long maxTimestamp() {
        return buffer.getLong(start + MAX_TIMESTAMP_AT);
    }

    /** The largest timestamp of a record that is there; {@link #NO_TIMESTAMP} where compaction took all out. */
    public long maxRecordTimestamp() {
        return recordCount() == 0 ? NO_TIMESTAMP : maxTimestamp();
    }

    public long producerId() {
        return buffer.getLong(start + PRODUCER_ID_AT);
    }

    public boolean hasProducerId() {
        return producerId() > NO_PRODUCER_ID;
    }

    public short producerEpoch() {
        return buffer.getShort(start + PRODUCER_EPOCH_AT);
    }

    public int baseSequence() {
        return buffer.getInt(start + BASE_SEQUENCE_AT);
    }

    /** The sequence number of the last record; {@link #NO_SEQUENCE} without one. After 2^31-1 comes 0. */
    public int lastSequence() {
        int first = baseSequence();
        return first == NO_SEQUENCE ? NO_SEQUENCE : (first + lastOffsetDelta()) & Integer.MAX_VALUE;
    }

    /** Records in the batch as its header says. */
    public int recordCount() {
        return buffer.getInt(start + RECORD_COUNT_AT);
    }

    /** Whether the checksum fits the bytes from the attributes to the end. */
    public boolean isIntact() {
        return sizeInBytes() >= HEADER_SIZE && crc() == computeCrc();
    }

    /** The checksum that the bytes have now, 0 … 2^32-1. */
    public long computeCrc() {
        checksum.reset();
        checksum.update(buffer.slice(start + ATTRIBUTES_AT, sizeInBytes() - ATTRIBUTES_AT));
        return checksum.getValue();
    }

    /** Writes what the leader decides. The checksum does not cover it. */
    public void stamp(long baseOffset, int leaderEpoch) {
        buffer.putLong(start, baseOffset);
        buffer.putInt(start + LEADER_EPOCH_AT, leaderEpoch);
    }

    /** Gives all records the time of the append, milliseconds, and renews the checksum (KIP-32). */
    public void stampLogAppendTime(long timeMs) {
        buffer.putShort(start + ATTRIBUTES_AT, (short) (attributes() | LOG_APPEND_TIME_BIT));
        buffer.putLong(start + MAX_TIMESTAMP_AT, timeMs);
        renewCrc();
    }

    /** Corrects the largest timestamp, milliseconds, and renews the checksum. */
    public void stampMaxTimestamp(long timeMs) {
        buffer.putLong(start + MAX_TIMESTAMP_AT, timeMs);
        renewCrc();
    }

    void renewCrc() {
        buffer.putInt(start + CRC_AT, (int) computeCrc());
    }

    /** A new window on the whole batch, sharing its bytes. */
    public ByteBuffer slice() {
        return buffer.slice(start, sizeInBytes());
    }

    /** For people: header fields, no content. */
    @Override
    public String toString() {
        return buffer == null
                ? "RecordBatch(nothing wrapped)"
                : "RecordBatch(baseOffset=" + baseOffset() + ", lastOffset=" + lastOffset() + ", size=" + sizeInBytes()
                        + ", leaderEpoch=" + leaderEpoch() + ", attributes=" + attributes() + ", records="
                        + recordCount() + ")";
    }
}
