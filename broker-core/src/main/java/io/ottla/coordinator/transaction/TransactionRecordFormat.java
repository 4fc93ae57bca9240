package io.ottla.coordinator.transaction;

import io.ottla.coordinator.RecordFormat;
import io.ottla.coordinator.RecordInput;
import io.ottla.coordinator.RecordOutput;
import io.ottla.types.ProducerIdAndEpoch;
import io.ottla.types.TopicPartition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/**
 * How {@link TransactionRecord}s lie in {@code __transaction_state}: as Kafka has them (KIP-98, KIP-890).
 *
 * <pre>
 *   key    type int16 (0)  transactionalId string
 *   value  version int16 (0, 1)  producerId int64  producerEpoch int16  timeoutMs int32  state int8
 *          partitions? (topic string, numbers []int32)  updatedMs int64  startMs int64
 *          1 is flexible; tag 0: previousProducerId int64, 1: nextProducerId int64, 2: clientTransactionVersion int16,
 *          3: nextProducerEpoch int16
 * </pre>
 */
final class TransactionRecordFormat implements RecordFormat<TransactionRecord> {
    private static final short KEY = 0;
    private static final short PLAIN = 0;
    private static final short FLEXIBLE = 1;
    private static final int PREVIOUS_ID = 0;
    private static final int NEXT_ID = 1;
    private static final int VERSION = 2;

    private final BooleanSupplier flexible;

    /** @param flexible whether all software of the cluster reads the newer version, which feature transaction.version says */
    TransactionRecordFormat(BooleanSupplier flexible) {
        this.flexible = flexible;
    }

    @Override
    public String subject(TransactionRecord record) {
        return record.transactionalId();
    }

    @Override
    public ByteBuffer key(TransactionRecord record) {
        String id = record.transactionalId();
        return new RecordOutput(4 + id.length()).int16(KEY).string(id).done();
    }

    @Override
    public ByteBuffer value(TransactionRecord record) {
        return switch (record) {
            case TransactionRecord.Gone _ -> null;
            case TransactionRecord.Kept(String _, TransactionMetadata value) ->
                flexible.getAsBoolean() ? flexible(value) : plain(value);
        };
    }

    private static RecordOutput head(short version, TransactionMetadata value) {
        return new RecordOutput(64 + 32 * value.partitions().size())
                .int16(version)
                .int64(value.producer().id())
                .int16(value.producer().epoch())
                .int32(value.timeoutMs())
                .int8(value.state().code());
    }

    private static ByteBuffer plain(TransactionMetadata value) {
        RecordOutput out = head(PLAIN, value);
        if (value.state() == TransactionState.EMPTY) {
            out.int32(-1);
        } else {
            Map<String, List<Integer>> topics = byTopic(value.partitions());
            out.int32(topics.size());
            topics.forEach((topic, numbers) -> {
                out.string(topic).int32(numbers.size());
                numbers.forEach(out::int32);
            });
        }
        return out.int64(value.updatedMs()).int64(value.startMs()).done();
    }

    private static ByteBuffer flexible(TransactionMetadata value) {
        RecordOutput out = head(FLEXIBLE, value);
        if (value.state() == TransactionState.EMPTY) {
            out.varint(0);
        } else {
            Map<String, List<Integer>> topics = byTopic(value.partitions());
            out.varint(topics.size() + 1);
            topics.forEach((topic, numbers) -> {
                out.compactString(topic).varint(numbers.size() + 1);
                numbers.forEach(out::int32);
                out.varint(0);
            });
        }
        out.int64(value.updatedMs()).int64(value.startMs());
        boolean hasPrevious = value.previousId() != TransactionMetadata.NONE;
        boolean hasNext = value.nextId() != TransactionMetadata.NONE;
        boolean hasVersion = value.version() != 0;
        out.varint((hasPrevious ? 1 : 0) + (hasNext ? 1 : 0) + (hasVersion ? 1 : 0));
        if (hasPrevious) {
            out.varint(PREVIOUS_ID).varint(Long.BYTES).int64(value.previousId());
        }
        if (hasNext) {
            out.varint(NEXT_ID).varint(Long.BYTES).int64(value.nextId());
        }
        if (hasVersion) {
            out.varint(VERSION).varint(Short.BYTES).int16(value.version());
        }
        return out.done();
    }

    private static Map<String, List<Integer>> byTopic(SortedSet<TopicPartition> partitions) {
        Map<String, List<Integer>> topics = new TreeMap<>();
        for (TopicPartition partition : partitions) {
            topics.computeIfAbsent(partition.topic(), _ -> new ArrayList<>()).add(partition.partition());
        }
        return topics;
    }

    @Override
    public TransactionRecord read(ByteBuffer key, ByteBuffer value) throws UnknownRecord {
        RecordInput in = new RecordInput(key);
        short type = in.int16();
        if (type != KEY) {
            throw new UnknownRecord("type " + type);
        }
        String id = in.string();
        return value == null ? new TransactionRecord.Gone(id) : new TransactionRecord.Kept(id, read(value));
    }

    private static TransactionMetadata read(ByteBuffer value) throws UnknownRecord {
        RecordInput in = new RecordInput(value);
        short version = in.int16();
        if (version < PLAIN || version > FLEXIBLE) {
            throw new UnknownRecord("version " + version + " of a transaction");
        }
        boolean isFlexible = version == FLEXIBLE;
        ProducerIdAndEpoch producer = new ProducerIdAndEpoch(in.int64(), in.int16());
        int timeoutMs = in.int32();
        TransactionState state = TransactionState.of(in.int8());
        SortedSet<TopicPartition> partitions = isFlexible ? readFlexible(in) : readPlain(in);
        long updatedMs = in.int64();
        long startMs = in.int64();
        long[] tagged = {TransactionMetadata.NONE, TransactionMetadata.NONE, 0};
        if (isFlexible) {
            in.tags((tag, field) -> {
                switch (tag) {
                    case PREVIOUS_ID, NEXT_ID -> tagged[tag] = field.int64();
                    case VERSION -> tagged[tag] = field.int16();
                    default -> {}
                }
            });
        }
        return new TransactionMetadata(
                producer,
                tagged[PREVIOUS_ID],
                tagged[NEXT_ID],
                (short) TransactionMetadata.NONE,
                timeoutMs,
                state,
                partitions,
                startMs,
                updatedMs,
                (int) tagged[VERSION]);
    }

    private static SortedSet<TopicPartition> readPlain(RecordInput in) {
        SortedSet<TopicPartition> partitions = new TreeSet<>();
        // Null, which a transaction without any has, is -1.
        int topics = in.countOrNull();
        for (int i = 0; i < topics; i++) {
            String topic = in.string();
            int numbers = in.count();
            for (int j = 0; j < numbers; j++) {
                partitions.add(new TopicPartition(topic, in.int32()));
            }
        }
        return partitions;
    }

    private static SortedSet<TopicPartition> readFlexible(RecordInput in) {
        SortedSet<TopicPartition> partitions = new TreeSet<>();
        int topics = in.compactCountOrNull();
        for (int i = 0; i < topics; i++) {
            String topic = in.compactString();
            int numbers = in.compactCount();
            for (int j = 0; j < numbers; j++) {
                partitions.add(new TopicPartition(topic, in.int32()));
            }
            in.skipTags();
        }
        return partitions;
    }
}
