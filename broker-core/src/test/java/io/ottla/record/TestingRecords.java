package io.ottla.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Batches as Kafka's own client writes them, for tests of every room. */
public final class TestingRecords {
    /** The timestamp of the first record, unless told otherwise. */
    public static final long TIME = 1_790_000_000_000L;

    private TestingRecords() {}

    /** One uncompressed v2 batch at offset 0 of records with these values, no keys, a millisecond apart. */
    public static ByteBuffer batch(String... values) {
        return batch(Codec.NONE, values);
    }

    public static ByteBuffer batch(Codec codec, String... values) {
        SimpleRecord[] records = new SimpleRecord[values.length];
        for (int i = 0; i < values.length; i++) {
            records[i] = new SimpleRecord(TIME + i, values[i].getBytes(StandardCharsets.UTF_8));
        }
        return MemoryRecords.withRecords(Decompression.ordinary(codec), records).buffer();
    }

    /** One v2 batch of these records, with keys and headers where they have them. */
    public static ByteBuffer batch(Codec codec, long baseOffset, List<SimpleRecord> records) {
        return build((byte) 2, codec, TimestampType.CREATE_TIME, baseOffset, -1, (short) -1, -1, false, records);
    }

    /** One v2 batch of an idempotent or transactional producer. */
    public static ByteBuffer batch(
            long producerId, short producerEpoch, int baseSequence, boolean transactional, List<SimpleRecord> records) {
        return build(
                (byte) 2,
                Codec.NONE,
                TimestampType.CREATE_TIME,
                0,
                producerId,
                producerEpoch,
                baseSequence,
                transactional,
                records);
    }

    /** Entries of format v0 or v1: one a record, or one compressed set. */
    public static ByteBuffer legacy(
            int magic, Codec codec, TimestampType type, long baseOffset, List<SimpleRecord> records) {
        return build((byte) magic, codec, type, baseOffset, -1, (short) -1, -1, false, records);
    }

    private static ByteBuffer build(
            byte magic,
            Codec codec,
            TimestampType type,
            long baseOffset,
            long producerId,
            short producerEpoch,
            int baseSequence,
            boolean transactional,
            List<SimpleRecord> records) {
        Compression compression = Decompression.ordinary(codec);
        MemoryRecordsBuilder builder = MemoryRecords.builder(
                ByteBuffer.allocate(512),
                magic,
                compression,
                magic == 0 ? TimestampType.NO_TIMESTAMP_TYPE : type,
                baseOffset,
                TIME + 777,
                producerId,
                producerEpoch,
                baseSequence,
                transactional,
                -1);
        records.forEach(builder::append);
        return builder.build().buffer();
    }

    /** Some records; the same seed, the same records. Headers only where asked for: v2 alone has them. */
    public static List<SimpleRecord> random(long seed, int count, int maxBytes, boolean headers) {
        Random random = new Random(seed);
        List<SimpleRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Header[] some = new Header[headers ? random.nextInt(4) : 0];
            for (int h = 0; h < some.length; h++) {
                some[h] = new RecordHeader("h" + random.nextInt(1000), bytes(random, maxBytes));
            }
            records.add(new SimpleRecord(
                    TIME + random.nextInt(-100_000, 100_000), bytes(random, maxBytes), bytes(random, maxBytes), some));
        }
        return records;
    }

    private static byte[] bytes(Random random, int maxBytes) {
        if (random.nextInt(5) == 0) {
            return null;
        }
        byte[] bytes = new byte[random.nextInt(maxBytes + 1)];
        if (random.nextBoolean()) {
            random.nextBytes(bytes);
        }
        return bytes;
    }
}
