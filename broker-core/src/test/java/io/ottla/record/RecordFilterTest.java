package io.ottla.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/** Batches with records left out are those that kafka-clients' own filter makes. */
class RecordFilterTest {
    private static final long NOW = TestingRecords.TIME + 500_000;

    /** Everything of a batch that a reader can see. */
    private record Seen(List<Object> header, List<List<Object>> records) {
        static List<Seen> of(ByteBuffer bytes) {
            List<Seen> all = new ArrayList<>();
            for (MutableRecordBatch batch :
                    MemoryRecords.readableRecords(bytes.duplicate()).batches()) {
                batch.ensureValid();
                List<List<Object>> records = new ArrayList<>();
                for (Record record : batch) {
                    record.ensureValid();
                    records.add(
                            List.of(record.offset(), record.timestamp(), record.sequence(), new SimpleRecord(record)));
                }
                all.add(new Seen(
                        List.of(
                                batch.baseOffset(),
                                batch.lastOffset(),
                                batch.magic(),
                                batch.compressionType(),
                                batch.timestampType(),
                                batch.maxTimestamp(),
                                batch.producerId(),
                                batch.producerEpoch(),
                                batch.baseSequence(),
                                batch.lastSequence(),
                                batch.isTransactional(),
                                batch.isControlBatch(),
                                batch.partitionLeaderEpoch(),
                                batch.deleteHorizonMs()),
                        records));
            }
            return all;
        }
    }

    /** What Kafka makes of it; tombstones get a horizon of that much later than now. */
    private static ByteBuffer byKafka(ByteBuffer batch, Set<Long> kept, long retentionMs) {
        ByteBuffer result = ByteBuffer.allocate(1 << 20);
        MemoryRecords.RecordFilter filter = new MemoryRecords.RecordFilter(NOW, retentionMs) {
            @Override
            protected BatchRetentionResult checkBatchRetention(
                    org.apache.kafka.common.record.internal.RecordBatch judged) {
                return new BatchRetentionResult(BatchRetention.RETAIN_EMPTY, false);
            }

            @Override
            protected boolean shouldRetainRecord(
                    org.apache.kafka.common.record.internal.RecordBatch judged, Record record) {
                return kept.contains(record.offset());
            }
        };
        return MemoryRecords.readableRecords(batch.duplicate())
                .filterTo(filter, result, BufferSupplier.NO_CACHING, Integer.MAX_VALUE)
                .outputBuffer()
                .flip();
    }

    private static ByteBuffer byUs(ByteBuffer batch, Set<Long> kept, long retentionMs) {
        RecordBatch judged = new RecordBatch().wrap(batch, batch.position());
        BatchFilter filter =
                new BatchFilter().judge(judged, (offset, bytes, at, length, hasValue) -> kept.contains(offset));
        boolean setsHorizon = filter.hasTombstones() && !judged.hasDeleteHorizon();
        if (filter.kept() == 0) {
            return BatchFilter.empty(judged);
        }
        return filter.isUntouched() && !setsHorizon ? batch : filter.write(setsHorizon ? NOW + retentionMs : -1);
    }

    private static Set<Long> some(Random random, long first, int count) {
        Set<Long> kept = new HashSet<>();
        int oneIn = 1 + random.nextInt(4);
        for (long offset = first; offset < first + count; offset++) {
            if (random.nextInt(oneIn) == 0) {
                kept.add(offset);
            }
        }
        return kept;
    }

    @Property(tries = 400)
    void shouldLeaveOutRecordsAsKafkaDoes(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int count, @ForAll Codec codec) {
        // given  a batch, and which of its records stay
        Random random = new Random(seed);
        ByteBuffer batch = TestingRecords.batch(codec, 1000, TestingRecords.random(seed, count, 300, true));
        if (random.nextInt(3) == 0) {
            new RecordBatch().wrap(batch, 0).stampLogAppendTime(TestingRecords.TIME + 5);
        }

        // when   records are left out once and again, the second time later
        for (int round = 0; round < 3; round++) {
            Set<Long> kept = some(random, 1000, count);
            long retentionMs = random.nextInt(1_000_000);
            ByteBuffer expected = byKafka(batch, kept, retentionMs);
            ByteBuffer filtered = byUs(batch, kept, retentionMs);

            // then   both made the same of it
            assertThat(Seen.of(filtered)).isEqualTo(Seen.of(expected));
            batch = ByteBuffer.allocate(filtered.remaining())
                    .put(filtered.duplicate())
                    .flip();
        }
    }

    @Property(tries = 100)
    void shouldKeepSequencesAndFlagsOfProducers(@ForAll long seed, @ForAll boolean transactional) {
        // given  a batch of a producer
        Random random = new Random(seed);
        int count = 1 + random.nextInt(10);
        ByteBuffer batch = TestingRecords.batch(
                7, (short) 3, Integer.MAX_VALUE - 3, transactional, TestingRecords.random(seed, count, 50, true));
        Set<Long> kept = some(random, 0, count);

        // when   records are left out, then   what says where the producer stands is as before
        assertThat(Seen.of(byUs(batch, kept, 10))).isEqualTo(Seen.of(byKafka(batch, kept, 10)));
    }

    @Example
    void shouldLeaveAPlaceholderThatIsNobodys() {
        // given  a transactional batch of a producer
        ByteBuffer batch = TestingRecords.batch(7, (short) 3, 100, true, TestingRecords.random(1, 5, 50, true));
        RecordBatch judged = new RecordBatch().wrap(batch, 0);
        judged.stamp(1000, 9);

        // when
        Seen left = Seen.of(BatchFilter.placeholder(judged)).getFirst();

        // then   only offsets, time and leader epoch are left
        assertThat(left.records()).isEmpty();
        assertThat(left.header())
                .isEqualTo(List.of(
                        1000L,
                        1004L,
                        (byte) 2,
                        org.apache.kafka.common.record.internal.CompressionType.NONE,
                        TimestampType.CREATE_TIME,
                        judged.maxTimestamp(),
                        -1L,
                        (short) -1,
                        -1,
                        -1,
                        false,
                        false,
                        9,
                        java.util.OptionalLong.empty()));
    }

    @Property(tries = 300)
    void shouldMakeBatchesOfOldSetsAsKafkaDoes(
            @ForAll long seed,
            @ForAll @IntRange(min = 0, max = 1) int magic,
            @ForAll Codec codec,
            @ForAll boolean appendTime) {
        // given  entries of an old format: one each, or a compressed set
        Assume.that(codec != Codec.ZSTD);
        Random random = new Random(seed);
        int count = 1 + random.nextInt(20);
        TimestampType type = appendTime ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME;
        ByteBuffer old = TestingRecords.legacy(magic, codec, type, 50, TestingRecords.random(seed, count, 200, false));
        Set<Long> kept = some(random, 50, count);

        // when
        LegacyUpgrade upgrade = new LegacyUpgrade();
        RecordBatches entries = new RecordBatches().over(old);
        while (entries.next() == RecordBatches.Step.BATCH) {
            assertThat(upgrade.takes(entries.legacy())).isTrue();
            upgrade.add(entries.legacy());
        }
        ByteBuffer batch = upgrade.build();

        // then   one batch has all that was in them, and Kafka's filter finds the same records in both
        Seen seen = Seen.of(batch).getFirst();
        List<List<Object>> records = new ArrayList<>();
        Seen.of(byKafka(old, new HashSet<>(range(50, count)), 0)).forEach(each -> records.addAll(each.records()));
        assertThat(Seen.of(batch)).hasSize(1);
        assertThat(seen.records()).isEqualTo(records);
        assertThat(seen.header().subList(0, 5))
                .isEqualTo(List.of(
                        50L,
                        49L + count,
                        (byte) 2,
                        org.apache.kafka.common.record.internal.CompressionType.forId(codec.id()),
                        magic == 0 ? TimestampType.CREATE_TIME : type));
        if (codec != Codec.NONE && !kept.isEmpty()) {
            List<List<Object>> expected = new ArrayList<>();
            Seen.of(byKafka(old, kept, 7)).forEach(each -> expected.addAll(each.records()));
            assertThat(Seen.of(byUs(batch, kept, 7)).getFirst().records()).isEqualTo(expected);
        }
    }

    private static List<Long> range(long first, int count) {
        return LongStream.range(first, first + count).boxed().toList();
    }

    @Example
    void shouldBeginAnotherBatchWhereOldMessagesDoNotFitTogether() {
        // given  messages that stand alone, one compressed set, and one with another time of its append
        ByteBuffer alone = TestingRecords.legacy(
                1, Codec.NONE, TimestampType.CREATE_TIME, 0, TestingRecords.random(1, 2, 50, false));
        ByteBuffer set = TestingRecords.legacy(
                1, Codec.GZIP, TimestampType.CREATE_TIME, 2, TestingRecords.random(2, 2, 50, false));
        ByteBuffer stamped = TestingRecords.legacy(
                1, Codec.NONE, TimestampType.LOG_APPEND_TIME, 4, TestingRecords.random(3, 1, 50, false));
        LegacyUpgrade upgrade = new LegacyUpgrade();

        // when
        upgrade.add(new LegacyEntry().wrap(alone, 0));

        // then
        assertThat(upgrade.takes(new LegacyEntry().wrap(alone, 0))).isTrue();
        assertThat(upgrade.takes(new LegacyEntry().wrap(set, 0))).isFalse();
        assertThat(upgrade.takes(new LegacyEntry().wrap(stamped, 0))).isFalse();
        upgrade.build();
        upgrade.add(new LegacyEntry().wrap(set, 0));
        assertThat(upgrade.takes(new LegacyEntry().wrap(alone, 0))).isFalse();
    }

    @Example
    void shouldShowKeysAndTombstones() {
        // given  three records
        ByteBuffer batch = TestingRecords.batch(
                Codec.GZIP,
                5,
                List.of(
                        new SimpleRecord(1, "a".getBytes(StandardCharsets.UTF_8), "1".getBytes(StandardCharsets.UTF_8)),
                        new SimpleRecord(2, null, "2".getBytes(StandardCharsets.UTF_8)),
                        new SimpleRecord(3, "ccc".getBytes(StandardCharsets.UTF_8), null)));

        // when
        List<String> seen = new ArrayList<>();
        new BatchFilter().judge(new RecordBatch().wrap(batch, 0), (offset, bytes, at, length, hasValue) -> {
            StringBuilder key = new StringBuilder();
            for (int i = 0; i < length; i++) {
                key.append((char) bytes.get(at + i));
            }
            seen.add(offset + " " + length + " " + key + " " + hasValue);
            return true;
        });

        // then
        assertThat(seen).containsExactly("5 1 a true", "6 -1  true", "7 3 ccc false");
    }
}
