package io.ottla.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.types.ProducerIdAndEpoch;
import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** What we write, kafka-clients reads the same. */
class RecordWritingTest {
    @Property(tries = 200)
    void shouldWriteBatchesThatKafkaReads(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 50) int count, @ForAll Codec codec) {
        // given  records
        List<SimpleRecord> records = TestingRecords.random(seed, count, 300, false);

        // when   we write them
        RecordBatchBuilder builder = new RecordBatchBuilder(codec)
                .baseOffset(100)
                .leaderEpoch(3)
                .producer(9, (short) 2, 55)
                .transactional();
        records.forEach(record -> builder.append(record.timestamp(), record.key(), record.value()));
        MutableRecordBatch batch = MemoryRecords.readableRecords(builder.build())
                .batches()
                .iterator()
                .next();

        // then   kafka-clients reads them
        batch.ensureValid();
        assertThat(batch.baseOffset()).isEqualTo(100);
        assertThat(batch.lastOffset()).isEqualTo(99 + count);
        assertThat(batch.partitionLeaderEpoch()).isEqualTo(3);
        assertThat(batch.producerId()).isEqualTo(9);
        assertThat(batch.producerEpoch()).isEqualTo((short) 2);
        assertThat(batch.lastSequence()).isEqualTo(54 + count);
        assertThat(batch.isTransactional()).isTrue();
        assertThat(batch.compressionType().id).isEqualTo((byte) codec.id());
        assertThat(batch.timestampType()).isEqualTo(TimestampType.CREATE_TIME);
        int i = 0;
        long max = -1;
        for (Record record : batch) {
            SimpleRecord expected = records.get(i++);
            assertThat(new SimpleRecord(record)).isEqualTo(expected);
            max = Math.max(max, expected.timestamp());
        }
        assertThat(i).isEqualTo(count);
        assertThat(batch.maxTimestamp()).isEqualTo(max);
    }

    @Property(tries = 50)
    void shouldWriteMarkersThatKafkaReads(@ForAll boolean commits, @ForAll int coordinatorEpoch) {
        // given  the end of a transaction
        ByteBuffer made = new EndTransactionMarker(commits, coordinatorEpoch)
                .batch(1234, new ProducerIdAndEpoch(77, (short) 5))
                .buffer();

        // when   kafka-clients reads it, then   it is that
        MutableRecordBatch batch =
                MemoryRecords.readableRecords(made).batches().iterator().next();
        batch.ensureValid();
        assertThat(batch.isControlBatch()).isTrue();
        assertThat(batch.isTransactional()).isTrue();
        assertThat(batch.producerId()).isEqualTo(77);
        Record record = batch.iterator().next();
        assertThat(record.timestamp()).isEqualTo(1234);
        assertThat(ControlRecordType.parse(record.key()))
                .isEqualTo(commits ? ControlRecordType.COMMIT : ControlRecordType.ABORT);
        assertThat(org.apache.kafka.common.record.internal.EndTransactionMarker.deserialize(record)
                        .coordinatorEpoch())
                .isEqualTo(coordinatorEpoch);

        // and    so do we
        RecordIterator ours = new RecordIterator().over(new RecordBatch().wrap(made, 0));
        assertThat(ours.next()).isTrue();
        EndTransactionMarker marker = new EndTransactionMarker(commits, coordinatorEpoch);
        assertThat(EndTransactionMarker.of(ours)).isEqualTo(marker);
        assertThat(EndTransactionMarker.of(new RecordBatch().wrap(made, 0))).isEqualTo(marker);

        // and    wherever in a buffer it stands
        ByteBuffer key = ByteBuffer.allocate(9).put(5, ours.key(), 0, 4).position(5);
        ByteBuffer value = ByteBuffer.allocate(10).put(3, ours.value(), 0, 6).position(3);
        assertThat(EndTransactionMarker.of(key, value)).isEqualTo(marker);
        assertThat(key.position()).isEqualTo(5);
        assertThat(value.position()).isEqualTo(3);
    }

    @Property(tries = 200)
    void shouldTakeNoOtherControlRecordForTheEndOfATransaction(
            @ForAll short type, @ForAll @IntRange(max = 8) int keyBytes, @ForAll @IntRange(max = 9) int valueBytes) {
        // given
        ByteBuffer key =
                ByteBuffer.allocate(Math.max(4, keyBytes)).putShort(2, type).limit(keyBytes);
        ByteBuffer batch = new RecordBatchBuilder()
                .producer(1, (short) 0, RecordBatch.NO_SEQUENCE)
                .transactional()
                .control()
                .append(0, key, ByteBuffer.allocate(valueBytes))
                .build();
        // when
        EndTransactionMarker marker = EndTransactionMarker.of(new RecordBatch().wrap(batch, 0));
        // then
        boolean isMarker = keyBytes >= 4 && valueBytes >= 6 && (type == 0 || type == 1);
        assertThat(marker).isEqualTo(isMarker ? new EndTransactionMarker(type == 1, 0) : null);
    }

    @Example
    void shouldFindNoMarkerInAControlBatchThatCompactionHasEmptied() {
        ByteBuffer made = new EndTransactionMarker(true, 1)
                .batch(1, new ProducerIdAndEpoch(77, (short) 5))
                .buffer();
        ByteBuffer empty = BatchFilter.empty(new RecordBatch().wrap(made, 0));
        assertThat(EndTransactionMarker.of(new RecordBatch().wrap(empty, 0))).isNull();
    }

    @Example
    void shouldKeepOffsetsAndHeadersWhereRecordsAreMissing() {
        // given  the second and the last of four records with headers
        RecordBatch from =
                new RecordBatch().wrap(TestingRecords.batch(Codec.NONE, 40, TestingRecords.random(3, 4, 50, true)), 0);
        RecordBatchBuilder builder = new RecordBatchBuilder(Codec.LZ4, 9).baseOffset(40);
        RecordIterator records = new RecordIterator().over(from);
        while (records.next()) {
            if (records.offset() % 2 == 1) {
                builder.append(
                        (int) (records.offset() - 40),
                        records.timestamp(),
                        records.key(),
                        records.value(),
                        records.headerCount(),
                        records.encodedHeaders());
            }
        }

        // when   they are written anew, then   offsets and headers stay
        MutableRecordBatch batch = MemoryRecords.readableRecords(builder.build())
                .batches()
                .iterator()
                .next();
        assertThat(batch).extracting(Record::offset).containsExactly(41L, 43L);
        List<SimpleRecord> expected = TestingRecords.random(3, 4, 50, true);
        assertThat(batch).extracting(SimpleRecord::new).containsExactly(expected.get(1), expected.get(3));
        assertThatThrownBy(() -> new RecordBatchBuilder().build()).isInstanceOf(IllegalStateException.class);
    }
}
