package io.ottla.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** What kafka-clients writes, we read the same. */
class RecordReadingTest {
    @Property(tries = 300)
    void shouldReadBatchesOfKafkaInPlace(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int count, @ForAll Codec codec) {
        // given  a batch that kafka-clients made, in the middle of a direct buffer
        List<SimpleRecord> records = TestingRecords.random(seed, count, 200, true);
        ByteBuffer made = TestingRecords.batch(codec, 1000, records);
        ByteBuffer buffer = ByteBuffer.allocateDirect(made.remaining() + 12);
        buffer.position(7).put(made.duplicate());

        // when   we look at it
        RecordBatches batches = new RecordBatches().over(buffer, 7, 7 + made.remaining());
        assertThat(batches.next()).isEqualTo(RecordBatches.Step.BATCH);
        RecordBatch batch = batches.batch();

        // then   header and records are those that kafka-clients sees
        MutableRecordBatch theirs =
                MemoryRecords.readableRecords(made).batches().iterator().next();
        assertThat(batch.isIntact()).isTrue();
        assertThat(batch.crc()).isEqualTo(theirs.checksum());
        assertThat(batch.baseOffset()).isEqualTo(theirs.baseOffset());
        assertThat(batch.lastOffset()).isEqualTo(theirs.lastOffset());
        assertThat(batch.maxTimestamp()).isEqualTo(theirs.maxTimestamp());
        assertThat(batch.sizeInBytes()).isEqualTo(theirs.sizeInBytes());
        assertThat(batch.recordCount()).isEqualTo(theirs.countOrNull());
        assertThat(batch.codec().id()).isEqualTo(theirs.compressionType().id);
        assertThat(read(new RecordIterator().over(batch))).isEqualTo(read(theirs));
        assertThat(batches.next()).isEqualTo(RecordBatches.Step.END);
        assertThat(buffer.position()).isEqualTo(7 + made.remaining());
    }

    @Property(tries = 200)
    void shouldReadEntriesOfOldFormats(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 40) int count,
            @ForAll @IntRange(min = 0, max = 1) int magic,
            @ForAll boolean appendTime,
            @ForAll Codec codec) {
        // given  entries of an old format that kafka-clients made; zstd came later
        Codec old = codec == Codec.ZSTD ? Codec.GZIP : codec;
        List<SimpleRecord> records = TestingRecords.random(seed, count, 100, false);
        TimestampType type = appendTime ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME;
        ByteBuffer made = TestingRecords.legacy(magic, old, type, 5000, records);

        // when   we walk them
        List<String> ours = new ArrayList<>();
        RecordBatches entries = new RecordBatches().over(made);
        LegacyRecords messages = new LegacyRecords();
        List<Long> firstOffsets = new ArrayList<>();
        while (entries.next() == RecordBatches.Step.BATCH) {
            assertThat(entries.isLegacy()).isTrue();
            assertThat(entries.isIntact()).isTrue();
            firstOffsets.add(messages.firstOffset(entries.legacy()));
            messages.over(entries.legacy());
            while (messages.next()) {
                ours.add(
                        messages.offset() + "@" + messages.timestamp() + text(messages.key()) + text(messages.value()));
            }
        }

        // then   they are those that kafka-clients sees
        List<String> theirs = new ArrayList<>();
        List<Long> theirFirstOffsets = new ArrayList<>();
        for (MutableRecordBatch batch : MemoryRecords.readableRecords(made).batches()) {
            theirFirstOffsets.add(batch.baseOffset());
            for (Record record : batch) {
                theirs.add(record.offset() + "@" + record.timestamp() + text(record.key()) + text(record.value()));
            }
        }
        assertThat(ours).isEqualTo(theirs);
        assertThat(firstOffsets).isEqualTo(theirFirstOffsets);
        assertThat(entries.position()).isEqualTo(made.limit());
    }

    @Property(tries = 300)
    void shouldStopAtATornEnd(@ForAll long seed, @ForAll @IntRange(min = 0, max = 2) int magic, @ForAll double cut) {
        // given  two entries of which the second is cut somewhere
        List<SimpleRecord> records = TestingRecords.random(seed, 1, 100, false);
        ByteBuffer one = magic == 2
                ? TestingRecords.batch(Codec.NONE, 0, records)
                : TestingRecords.legacy(magic, Codec.NONE, TimestampType.CREATE_TIME, 0, records);
        int size = one.remaining();
        int torn = (int) Math.floorMod(Double.doubleToLongBits(cut), (long) size);
        ByteBuffer both = ByteBuffer.allocate(2 * size).put(one.duplicate()).put(one.duplicate());
        both.flip().limit(size + torn);

        // when   we walk it
        RecordBatches batches = new RecordBatches().over(both);

        // then   the first is whole, and the cursor stays where the tear begins
        assertThat(batches.next()).isEqualTo(RecordBatches.Step.BATCH);
        assertThat(batches.next()).isEqualTo(torn == 0 ? RecordBatches.Step.END : RecordBatches.Step.PARTIAL);
        assertThat(batches.position()).isEqualTo(size);
        assertThat(batches.lastOffset()).isZero();
    }

    @Property(tries = 2000)
    void shouldSurviveGarbage(@ForAll byte[] garbage, @ForAll @IntRange(min = 0, max = 2) int magic) {
        // given  bytes that pretend to be an entry
        ByteBuffer buffer = ByteBuffer.allocate(Math.max(80, garbage.length)).put(garbage);
        buffer.clear();
        buffer.put(16, (byte) magic).putInt(8, buffer.capacity() - 12);

        // when   all of them is read, then   nothing but CorruptRecords comes out
        RecordBatches batches = new RecordBatches().over(buffer);
        assertThat(batches.next()).isEqualTo(RecordBatches.Step.BATCH);
        batches.isIntact();
        try {
            if (batches.isLegacy()) {
                LegacyRecords messages = new LegacyRecords(1 << 20).over(batches.legacy());
                while (messages.next()) {
                    messages.value();
                }
            } else {
                RecordIterator records = new RecordIterator(1 << 20).over(batches.batch());
                while (records.next()) {
                    records.encodedHeaders();
                }
            }
        } catch (CorruptRecords expected) {
            assertThat(expected.failure().message()).isNotBlank();
        }
    }

    @Example
    void shouldRefuseLengthsThatNoEntryHas() {
        ByteBuffer batch = TestingRecords.batch("a");
        for (int length : new int[] {Integer.MIN_VALUE, -1, 0, 4, 48, Integer.MAX_VALUE}) {
            batch.putInt(8, length);
            assertThat(new RecordBatches().over(batch).next()).isEqualTo(RecordBatches.Step.CORRUPT);
        }
        batch.putInt(8, 1_000_000).put(16, (byte) 3);
        assertThat(new RecordBatches().over(batch).next()).isEqualTo(RecordBatches.Step.CORRUPT);
        batch.put(16, (byte) 2);
        assertThat(new RecordBatches().over(batch).next()).isEqualTo(RecordBatches.Step.PARTIAL);
    }

    @Example
    void shouldRefuseABombOfEachCodec() {
        // given  a batch that becomes a hundred times larger
        String zeros = "0".repeat(2 << 20);
        for (Codec codec : new Codec[] {Codec.GZIP, Codec.SNAPPY, Codec.LZ4, Codec.ZSTD}) {
            RecordBatch batch = new RecordBatch().wrap(TestingRecords.batch(codec, zeros), 0);

            // then   it opens where that much is allowed and not where less is
            assertThat(new RecordIterator(3 << 20).over(batch).next()).isTrue();
            assertThatThrownBy(() -> new RecordIterator(1 << 20).over(batch))
                    .isInstanceOf(CorruptRecords.class)
                    .hasMessageContaining("1048576");
        }
    }

    @Example
    void shouldStampInPlace() {
        // given  a batch as a producer sends it
        ByteBuffer made = TestingRecords.batch("a", "b", "c");
        RecordBatch batch = new RecordBatch().wrap(made, 0);

        // when   the leader stamps it
        batch.stamp(42, 7);
        batch.stampLogAppendTime(123_456);

        // then   Kafka sees what the leader wrote
        MutableRecordBatch theirs =
                MemoryRecords.readableRecords(made).batches().iterator().next();
        theirs.ensureValid();
        assertThat(theirs.baseOffset()).isEqualTo(42);
        assertThat(theirs.lastOffset()).isEqualTo(44).isEqualTo(batch.lastOffset());
        assertThat(theirs.partitionLeaderEpoch()).isEqualTo(7).isEqualTo(batch.leaderEpoch());
        assertThat(theirs.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
        assertThat(theirs.maxTimestamp()).isEqualTo(123_456);
        assertThat(batch.isIntact()).isTrue();
        RecordIterator records = new RecordIterator().over(batch);
        assertThat(records.next()).isTrue();
        assertThat(records.timestamp()).isEqualTo(123_456);
    }

    private static List<String> read(RecordIterator records) {
        List<String> seen = new ArrayList<>();
        while (records.next()) {
            StringBuilder line = new StringBuilder(
                    records.offset() + "@" + records.timestamp() + text(records.key()) + text(records.value()));
            while (records.nextHeader()) {
                line.append(records.headerKey()).append(text(records.headerValue()));
            }
            seen.add(line.toString());
        }
        return seen;
    }

    private static List<String> read(MutableRecordBatch batch) {
        List<String> seen = new ArrayList<>();
        for (Record record : batch) {
            StringBuilder line = new StringBuilder(
                    record.offset() + "@" + record.timestamp() + text(record.key()) + text(record.value()));
            for (Header header : record.headers()) {
                line.append(header.key()).append(text(header.value() == null ? null : ByteBuffer.wrap(header.value())));
            }
            seen.add(line.toString());
        }
        return seen;
    }

    static String text(ByteBuffer bytes) {
        if (bytes == null) {
            return "/null";
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return "/" + Arrays.toString(copy);
    }
}
