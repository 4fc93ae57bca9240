package io.ottla.coordinator.group;

import io.ottla.coordinator.RecordFormat;
import io.ottla.coordinator.RecordInput;
import io.ottla.coordinator.RecordOutput;
import io.ottla.types.TopicId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * How {@link GroupRecord}s lie in {@code __consumer_offsets}. All versions that Kafka has written are read. Of those that
 * say all there is to say the oldest is written, so that tools that read the topic themselves and know no flexible
 * versions go on working: 3 for both kinds, as Kafka up to 3.9 does; 1 for an offset with a time of expiry, 4 for one
 * with a topic's id, as Kafka 4.3 does. Every key begins with its type (int16), every value with its version (int16).
 *
 * <pre>
 * type 0, 1  an offset      key    group string, topic string, partition int32
 *                           value  offset int64, [leaderEpoch int32: 3+], metadata string, commitTimestamp int64,
 *                                  [expireTimestamp int64: 1 only]
 *                                  4 is flexible; tag 0: topicId uuid
 * type 2  a classic group   key    group string
 *                           value  protocolType string, generation int32, protocol string?, leader string?,
 *                                  [currentStateTimestamp int64: 2+], members
 *                           member memberId string, [groupInstanceId string?: 3+], clientId string, clientHost string,
 *                                  [rebalanceTimeout int32: 1+], sessionTimeout int32, subscription bytes,
 *                                  assignment bytes
 *                                  4 is flexible
 * others     {@link ConsumerRecordFormat}
 * </pre>
 */
public final class GroupRecordFormat implements RecordFormat<GroupRecord> {
    private static final short LEGACY_OFFSET = 0;
    private static final short OFFSET = 1;
    private static final short CLASSIC_GROUP = 2;

    private static final short OFFSET_WITH_EXPIRY = 1;
    private static final short OFFSET_WITH_EPOCH = 3;
    private static final short OFFSET_FLEXIBLE = 4;
    private static final short GROUP_WITH_REBALANCE_TIMEOUT = 1;
    private static final short GROUP_WITH_TIMESTAMP = 2;
    private static final short GROUP_WITH_INSTANCES = 3;
    private static final short GROUP_FLEXIBLE = 4;

    @Override
    public String subject(GroupRecord record) {
        return record.group();
    }

    @Override
    public ByteBuffer key(GroupRecord record) {
        return switch (record) {
            case GroupRecord.OffsetSet(String group, String topic, int partition, var _) ->
                offsetKey(group, topic, partition);
            case GroupRecord.OffsetGone(String group, String topic, int partition) ->
                offsetKey(group, topic, partition);
            case GroupRecord.ClassicGroupSet(String group, var _) -> groupKey(group);
            case GroupRecord.ClassicGroupGone(String group) -> groupKey(group);
            case ConsumerGroupRecord consumer -> ConsumerRecordFormat.key(consumer);
        };
    }

    private static ByteBuffer offsetKey(String group, String topic, int partition) {
        return new RecordOutput(10 + group.length() + topic.length())
                .int16(OFFSET)
                .string(group)
                .string(topic)
                .int32(partition)
                .done();
    }

    private static ByteBuffer groupKey(String group) {
        return new RecordOutput(4 + group.length())
                .int16(CLASSIC_GROUP)
                .string(group)
                .done();
    }

    @Override
    public ByteBuffer value(GroupRecord record) {
        return switch (record) {
            case GroupRecord.OffsetSet set -> offset(set.value());
            case GroupRecord.ClassicGroupSet set -> group(set.value());
            case GroupRecord.OffsetGone _, GroupRecord.ClassicGroupGone _ -> null;
            case ConsumerGroupRecord consumer -> ConsumerRecordFormat.value(consumer);
        };
    }

    private static ByteBuffer offset(CommittedOffset value) {
        RecordOutput out = new RecordOutput(48 + value.metadata().length());
        if (value.expireTimestampMs() != CommittedOffset.NONE) {
            return out.int16(OFFSET_WITH_EXPIRY)
                    .int64(value.offset())
                    .string(value.metadata())
                    .int64(value.commitTimestampMs())
                    .int64(value.expireTimestampMs())
                    .done();
        }
        if (value.topicId().isZero()) {
            return out.int16(OFFSET_WITH_EPOCH)
                    .int64(value.offset())
                    .int32(value.leaderEpoch())
                    .string(value.metadata())
                    .int64(value.commitTimestampMs())
                    .done();
        }
        return out.int16(OFFSET_FLEXIBLE)
                .int64(value.offset())
                .int32(value.leaderEpoch())
                .compactString(value.metadata())
                .int64(value.commitTimestampMs())
                .varint(1)
                .varint(0)
                .varint(16)
                .int64(value.topicId().mostSignificantBits())
                .int64(value.topicId().leastSignificantBits())
                .done();
    }

    private static ByteBuffer group(StoredGroup value) {
        RecordOutput out = new RecordOutput(64 + 256 * value.members().size())
                .int16(GROUP_WITH_INSTANCES)
                .string(value.protocolType())
                .int32(value.generation())
                .string(value.protocol())
                .string(value.leader())
                .int64(value.stateTimestampMs())
                .int32(value.members().size());
        for (StoredMember member : value.members()) {
            out.string(member.memberId())
                    .string(member.instanceId())
                    .string(member.clientId())
                    .string(member.clientHost())
                    .int32(member.rebalanceTimeoutMs())
                    .int32(member.sessionTimeoutMs())
                    .bytes(bytes(member.subscription()))
                    .bytes(bytes(member.assignment()));
        }
        return out.done();
    }

    private static byte[] bytes(ByteBuffer content) {
        byte[] copy = new byte[content.remaining()];
        content.duplicate().get(copy);
        return copy;
    }

    @Override
    public GroupRecord read(ByteBuffer key, ByteBuffer value) throws UnknownRecord {
        RecordInput in = new RecordInput(key);
        short type = in.int16();
        return switch (type) {
            case LEGACY_OFFSET, OFFSET -> {
                String group = in.string();
                String topic = in.string();
                int partition = in.int32();
                yield value == null
                        ? new GroupRecord.OffsetGone(group, topic, partition)
                        : new GroupRecord.OffsetSet(group, topic, partition, readOffset(new RecordInput(value)));
            }
            case CLASSIC_GROUP -> {
                String group = in.string();
                yield value == null
                        ? new GroupRecord.ClassicGroupGone(group)
                        : new GroupRecord.ClassicGroupSet(group, readGroup(new RecordInput(value)));
            }
            default -> {
                if (ConsumerRecordFormat.reads(type)) {
                    yield ConsumerRecordFormat.read(type, in, value);
                }
                throw new UnknownRecord("type " + type);
            }
        };
    }

    private static short version(RecordInput in, String what, short newest) throws UnknownRecord {
        short version = in.int16();
        if (version < 0 || version > newest) {
            throw new UnknownRecord("version " + version + " of " + what);
        }
        return version;
    }

    private static CommittedOffset readOffset(RecordInput in) throws UnknownRecord {
        short version = version(in, "an offset", OFFSET_FLEXIBLE);
        boolean flexible = version >= OFFSET_FLEXIBLE;
        long offset = in.int64();
        int leaderEpoch = version >= OFFSET_WITH_EPOCH ? in.int32() : CommittedOffset.NONE;
        String metadata = flexible ? in.compactString() : in.string();
        long committedMs = in.int64();
        long expiresMs = version == OFFSET_WITH_EXPIRY ? in.int64() : CommittedOffset.NONE;
        TopicId[] topicId = {TopicId.ZERO};
        if (flexible) {
            in.tags((tag, field) -> {
                if (tag == 0) {
                    topicId[0] = new TopicId(field.int64(), field.int64());
                }
            });
        }
        return new CommittedOffset(offset, leaderEpoch, metadata, committedMs, expiresMs, topicId[0]);
    }

    private static StoredGroup readGroup(RecordInput in) throws UnknownRecord {
        short version = version(in, "a classic group", GROUP_FLEXIBLE);
        boolean flexible = version >= GROUP_FLEXIBLE;
        String protocolType = flexible ? in.compactString() : in.string();
        int generation = in.int32();
        String protocol = nullable(in, flexible);
        String leader = nullable(in, flexible);
        long stateMs = version >= GROUP_WITH_TIMESTAMP ? in.int64() : CommittedOffset.NONE;
        int count = flexible ? in.compactCount() : in.count();
        List<StoredMember> members = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            members.add(readMember(in, version));
        }
        return new StoredGroup(protocolType, generation, protocol, leader, stateMs, members);
    }

    private static StoredMember readMember(RecordInput in, short version) {
        boolean flexible = version >= GROUP_FLEXIBLE;
        String memberId = flexible ? in.compactString() : in.string();
        String instanceId = version >= GROUP_WITH_INSTANCES ? nullable(in, flexible) : null;
        String clientId = flexible ? in.compactString() : in.string();
        String clientHost = flexible ? in.compactString() : in.string();
        int rebalanceMs = version >= GROUP_WITH_REBALANCE_TIMEOUT ? in.int32() : CommittedOffset.NONE;
        int sessionMs = in.int32();
        byte[] subscription = flexible ? in.compactBytes() : in.bytes();
        byte[] assignment = flexible ? in.compactBytes() : in.bytes();
        if (flexible) {
            in.skipTags();
        }
        return new StoredMember(
                memberId,
                instanceId,
                clientId,
                clientHost,
                version >= GROUP_WITH_REBALANCE_TIMEOUT ? rebalanceMs : sessionMs,
                sessionMs,
                ByteBuffer.wrap(subscription),
                ByteBuffer.wrap(assignment));
    }

    private static String nullable(RecordInput in, boolean flexible) {
        return flexible ? in.nullableCompactString() : in.nullableString();
    }
}
