package io.ottla.oracle;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Batches as producers send them, and such as none should. */
final class Batches {
    /** When the first record was made; fixed, so that both brokers see the same. */
    static final long TIME = 1_700_000_000_000L;

    private static final int LENGTH_AT = 8;
    private static final int CRC_AT = 17;
    private static final int ATTRIBUTES_AT = 21;

    private Batches() {}

    static MemoryRecords of(CompressionType codec, int first, int count) {
        return MemoryRecords.withRecords(Compression.of(codec).build(), records(first, count));
    }

    static MemoryRecords of(int first, int count) {
        return of(CompressionType.NONE, first, count);
    }

    static MemoryRecords idempotent(long producerId, int epoch, int sequence, int count) {
        return MemoryRecords.withIdempotentRecords(
                Compression.NONE, producerId, (short) epoch, sequence, records(sequence, count));
    }

    static MemoryRecords transactional(long producerId, int epoch, int sequence, int count) {
        return MemoryRecords.withTransactionalRecords(
                Compression.NONE, producerId, (short) epoch, sequence, records(sequence, count));
    }

    static MemoryRecords old(byte magic) {
        return MemoryRecords.withRecords(
                magic, Compression.NONE, new SimpleRecord(TIME, "key".getBytes(StandardCharsets.UTF_8), value(0)));
    }

    static MemoryRecords at(long timestamp) {
        return MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(timestamp, null, value(1)));
    }

    static MemoryRecords large(int bytes) {
        return MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(TIME, null, new byte[bytes]));
    }

    static MemoryRecords noKey() {
        return MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(TIME, null, value(1)));
    }

    static MemoryRecords stampedByABroker() {
        return MemoryRecords.withRecords((byte) 2, 0, Compression.NONE, TimestampType.LOG_APPEND_TIME, records(0, 2));
    }

    static MemoryRecords withBaseOffset(long offset) {
        return MemoryRecords.withRecords(offset, Compression.NONE, records(0, 2));
    }

    static MemoryRecords twoBatches() {
        ByteBuffer one = of(0, 2).buffer();
        ByteBuffer other = of(2, 2).buffer();
        return MemoryRecords.readableRecords(ByteBuffer.allocate(one.remaining() + other.remaining())
                .put(one)
                .put(other)
                .flip());
    }

    static MemoryRecords badCrc() {
        ByteBuffer batch = of(0, 2).buffer();
        batch.put(batch.limit() - 1, (byte) (batch.get(batch.limit() - 1) ^ 1));
        return MemoryRecords.readableRecords(batch);
    }

    static MemoryRecords cutOff() {
        ByteBuffer batch = of(0, 2).buffer();
        return MemoryRecords.readableRecords(batch.limit(batch.limit() - 3));
    }

    static MemoryRecords followedBy(int bytes) {
        ByteBuffer batch = of(0, 2).buffer();
        return MemoryRecords.readableRecords(
                ByteBuffer.allocate(batch.remaining() + bytes).put(batch).position(0));
    }

    static MemoryRecords withLength(int length) {
        ByteBuffer batch = of(0, 2).buffer();
        return MemoryRecords.readableRecords(batch.putInt(LENGTH_AT, length));
    }

    static MemoryRecords withMagic(int magic) {
        ByteBuffer batch = of(0, 2).buffer();
        return MemoryRecords.readableRecords(batch.put(16, (byte) magic));
    }

    /** @param attributes of the batch: codec, timestamp type, transactional, control */
    static MemoryRecords withAttributes(int attributes) {
        return sealed(of(0, 2).buffer().putShort(ATTRIBUTES_AT, (short) attributes));
    }

    static MemoryRecords withCount(int count) {
        return sealed(of(0, 2).buffer().putInt(57, count));
    }

    static MemoryRecords withLastOffsetDelta(int delta) {
        return sealed(of(0, 2).buffer().putInt(23, delta));
    }

    static MemoryRecords withProducer(long id, int epoch, int sequence) {
        return sealed(
                of(0, 2).buffer().putLong(43, id).putShort(51, (short) epoch).putInt(53, sequence));
    }

    static MemoryRecords withFirstRecordByte(int value) {
        return sealed(of(0, 2).buffer().put(61, (byte) value));
    }

    static MemoryRecords badlyCompressed(CompressionType codec) {
        ByteBuffer batch = of(codec, 0, 50).buffer();
        for (int i = 61; i < batch.limit(); i++) {
            batch.put(i, (byte) 0x55);
        }
        return sealed(batch);
    }

    private static MemoryRecords sealed(ByteBuffer batch) {
        CRC32C crc = new CRC32C();
        crc.update(batch.duplicate().position(ATTRIBUTES_AT));
        batch.putInt(CRC_AT, (int) crc.getValue());
        return MemoryRecords.readableRecords(batch);
    }

    private static SimpleRecord[] records(int first, int count) {
        SimpleRecord[] records = new SimpleRecord[count];
        for (int i = 0; i < count; i++) {
            int number = first + i;
            Header[] headers = number % 3 == 0
                    ? new Header[] {new RecordHeader("h", ("header " + number).getBytes(StandardCharsets.UTF_8))}
                    : new Header[0];
            records[i] = new SimpleRecord(
                    TIME + number * 1000L, ("key " + number).getBytes(StandardCharsets.UTF_8), value(number), headers);
        }
        return records;
    }

    private static byte[] value(int number) {
        return ("value of record " + number).getBytes(StandardCharsets.UTF_8);
    }
}
