package io.ottla.coordinator.group;

import java.nio.ByteBuffer;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordHelpers;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.apache.kafka.coordinator.group.OffsetAndMetadata;

/** Records as Apache Kafka's own group coordinator reads and writes them. */
final class KafkaRecords {
    private static final GroupCoordinatorRecordSerde SERDE = new GroupCoordinatorRecordSerde();

    private KafkaRecords() {}

    /** What Kafka makes of a record. */
    static CoordinatorRecord read(ByteBuffer key, ByteBuffer value) {
        return SERDE.deserialize(key.duplicate(), value == null ? null : value.duplicate());
    }

    static ByteBuffer key(CoordinatorRecord record) {
        return ByteBuffer.wrap(SERDE.serializeKey(record));
    }

    static ByteBuffer value(CoordinatorRecord record) {
        byte[] bytes = SERDE.serializeValue(record);
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }

    /** A key of a type that Kafka's helpers write no more. */
    static ByteBuffer key(ApiMessage key) {
        return MessageUtil.toCoordinatorTypePrefixedByteBuffer(key);
    }

    /** A value in any version. */
    static ByteBuffer value(short version, ApiMessage value) {
        return MessageUtil.toVersionPrefixedByteBuffer(version, value);
    }

    /** The record that Kafka writes for a commit. */
    static CoordinatorRecord commit(String group, String topic, int partition, CommittedOffset value) {
        return GroupCoordinatorRecordHelpers.newOffsetCommitRecord(
                group,
                topic,
                partition,
                new OffsetAndMetadata(
                        value.offset(),
                        value.leaderEpoch() < 0 ? OptionalInt.empty() : OptionalInt.of(value.leaderEpoch()),
                        value.metadata(),
                        value.commitTimestampMs(),
                        value.expireTimestampMs() < 0
                                ? OptionalLong.empty()
                                : OptionalLong.of(value.expireTimestampMs()),
                        value.topicId().uuid()));
    }
}
