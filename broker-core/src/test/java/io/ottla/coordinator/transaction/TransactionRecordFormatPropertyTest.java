package io.ottla.coordinator.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.coordinator.RecordFormat.UnknownRecord;
import io.ottla.types.ProducerIdAndEpoch;
import io.ottla.types.TopicPartition;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogKey;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogValue;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogValue.PartitionsSchema;

/** Our records of transactions are Kafka's, byte for byte, in both versions. */
final class TransactionRecordFormatPropertyTest {
    private final TransactionRecordFormat plain = new TransactionRecordFormat(() -> false);
    private final TransactionRecordFormat flexible = new TransactionRecordFormat(() -> true);

    @Property(tries = 1000)
    void shouldWriteAndReadAsKafkaDoes(@ForAll("records") TransactionRecord.Kept record) throws Exception {
        // given  what Kafka makes of the same
        ByteBuffer key = MessageUtil.toCoordinatorTypePrefixedByteBuffer(
                new TransactionLogKey().setTransactionalId(record.transactionalId()));
        TransactionLogValue message = kafkas(record.value());
        ByteBuffer value = MessageUtil.toVersionPrefixedByteBuffer((short) 1, message);
        // when, then  it is the same bytes
        assertThat(flexible.key(record)).isEqualTo(key);
        assertThat(flexible.value(record)).isEqualTo(value);
        // and    each reads the other's
        assertThat(flexible.read(key, value)).isEqualTo(record);
        ByteBuffer ours = flexible.value(record);
        short version = ours.getShort();
        assertThat(new TransactionLogValue(new ByteBufferAccessor(ours), version))
                .isEqualTo(message);
    }

    @Property(tries = 500)
    void shouldWriteTheOlderVersionAsKafkaDoes(@ForAll("records") TransactionRecord.Kept record) throws Exception {
        // given  a cluster that may have brokers which know no newer one: what that has no place for is not there
        TransactionMetadata value = record.value();
        TransactionRecord.Kept old = new TransactionRecord.Kept(
                record.transactionalId(),
                new TransactionMetadata(
                        value.producer(),
                        TransactionMetadata.NONE,
                        TransactionMetadata.NONE,
                        (short) TransactionMetadata.NONE,
                        value.timeoutMs(),
                        value.state(),
                        value.partitions(),
                        value.startMs(),
                        value.updatedMs(),
                        0));
        ByteBuffer kafkas = MessageUtil.toVersionPrefixedByteBuffer((short) 0, kafkas(old.value()));
        // when, then
        assertThat(plain.value(old)).isEqualTo(kafkas);
        assertThat(plain.read(plain.key(old), kafkas)).isEqualTo(old);
        assertThat(flexible.read(plain.key(old), kafkas)).isEqualTo(old);
    }

    @Property(tries = 20)
    void shouldForgetByATombstone(@ForAll("names") String id) throws Exception {
        TransactionRecord gone = new TransactionRecord.Gone(id);
        assertThat(flexible.value(gone)).isNull();
        assertThat(flexible.read(flexible.key(gone), null)).isEqualTo(gone);
    }

    @Property(tries = 500)
    void shouldEndInAnErrorWhateverIsDamaged(
            @ForAll("records") TransactionRecord.Kept record, @ForAll("damages") List<Integer> damages) {
        for (TransactionRecordFormat format : List.of(plain, flexible)) {
            byte[] bytes = Utils.toArray(format.value(record));
            for (int damage : damages) {
                bytes[Math.floorMod(damage, bytes.length)] ^= (byte) (damage >> 16);
            }
            try {
                format.read(format.key(record), ByteBuffer.wrap(bytes));
            } catch (UnknownRecord | IllegalArgumentException | BufferUnderflowException expected) {
                // That is how a damaged record ends.
            }
        }
    }

    @Property(tries = 20)
    void shouldPassOverWhatNewerSoftwareWrote(@ForAll("records") TransactionRecord.Kept record) {
        ByteBuffer newer = ByteBuffer.allocate(64).putShort(0, (short) 2);
        assertThatThrownBy(() -> flexible.read(flexible.key(record), newer)).isInstanceOf(UnknownRecord.class);
        ByteBuffer otherKey = ByteBuffer.allocate(8).putShort(0, (short) 1);
        assertThatThrownBy(() -> flexible.read(otherKey, flexible.value(record)))
                .isInstanceOf(UnknownRecord.class);
    }

    private static TransactionLogValue kafkas(TransactionMetadata value) {
        Map<String, PartitionsSchema> topics = new TreeMap<>();
        for (TopicPartition partition : value.partitions()) {
            topics.computeIfAbsent(
                            partition.topic(),
                            name -> new PartitionsSchema().setTopic(name).setPartitionIds(new ArrayList<>()))
                    .partitionIds()
                    .add(partition.partition());
        }
        return new TransactionLogValue()
                .setProducerId(value.producer().id())
                .setProducerEpoch(value.producer().epoch())
                .setPreviousProducerId(value.previousId())
                .setNextProducerId(value.nextId())
                .setTransactionTimeoutMs(value.timeoutMs())
                .setTransactionStatus((byte) value.state().code())
                .setTransactionPartitions(
                        value.state() == TransactionState.EMPTY ? null : new ArrayList<>(topics.values()))
                .setTransactionLastUpdateTimestampMs(value.updatedMs())
                .setTransactionStartTimestampMs(value.startMs())
                .setClientTransactionVersion((short) value.version());
    }

    // ---- what there can be ----

    @Provide
    Arbitrary<TransactionRecord.Kept> records() {
        Arbitrary<ProducerIdAndEpoch> producers =
                Combinators.combine(Arbitraries.longs(), Arbitraries.shorts()).as(ProducerIdAndEpoch::new);
        Arbitrary<TopicPartition> partitions = Combinators.combine(
                        names(), Arbitraries.integers().greaterOrEqual(0))
                .as(TopicPartition::new);
        Arbitrary<TransactionMetadata> values = Combinators.combine(
                        producers,
                        Arbitraries.longs().greaterOrEqual(-1),
                        Arbitraries.longs().greaterOrEqual(-1),
                        Arbitraries.integers(),
                        Arbitraries.of(TransactionState.values()),
                        partitions.set().ofMaxSize(6),
                        Arbitraries.longs().tuple2(),
                        Arbitraries.integers().between(0, 3))
                .as((producer, previous, next, timeoutMs, state, of, times, version) -> new TransactionMetadata(
                        producer,
                        previous,
                        next,
                        (short) TransactionMetadata.NONE,
                        timeoutMs,
                        state,
                        new TreeSet<>(state == TransactionState.EMPTY ? List.of() : of),
                        times.get1(),
                        times.get2(),
                        version));
        return Combinators.combine(names(), values).as(TransactionRecord.Kept::new);
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.strings()
                .ofMaxLength(20)
                .filter(text ->
                        text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
    }

    @Provide
    Arbitrary<List<Integer>> damages() {
        return Arbitraries.integers().list().ofMinSize(1).ofMaxSize(4);
    }
}
