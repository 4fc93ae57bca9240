package io.ottla.coordinator.group;

import io.ottla.coordinator.RecordFormat.UnknownRecord;
import io.ottla.coordinator.RecordInput;
import io.ottla.coordinator.RecordOutput;
import io.ottla.coordinator.group.assign.Assignment;
import io.ottla.coordinator.group.assign.PartitionSet;
import io.ottla.types.TopicId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How {@link ConsumerGroupRecord}s lie in {@code __consumer_offsets} (KIP-848, KIP-1101, KIP-1251). Every key begins with
 * its type (int16) and the group, every value with its version (int16), which is 0, and is flexible. Types are {@link
 * #EPOCH} to {@link #REGEX}.
 *
 * <pre>
 * type  key adds    value
 *  3                epoch int32; tag 0: metadataHash int64
 *  4                topics: [topicId uuid, topicName, numPartitions int32, partitions: [partition int32, racks [string]]]
 *  5    memberId    instanceId?, rackId?, clientId, clientHost, topicNames [string], topicRegex?, rebalanceTimeoutMs int32,
 *                   serverAssignor?; tag 0, nullable: sessionTimeoutMs int32, protocols: [name, metadata bytes]
 *  6                assignmentEpoch int32; tag 0: timestamp int64
 *  7    memberId    topics: [topicId uuid, partitions [int32]]
 *  8    memberId    memberEpoch int32, previousMemberEpoch int32, state int8,
 *                   assigned: [topicId uuid, partitions [int32]; tag 0: epochs [int32]], revoking: the same
 * 16    regex       topics [string], version int64, timestamp int64
 * </pre>
 */
final class ConsumerRecordFormat {
    static final short EPOCH = 3;
    static final short OLD_TOPICS = 4;
    static final short MEMBER = 5;
    static final short TARGET_EPOCH = 6;
    static final short TARGET = 7;
    static final short PLACE = 8;
    static final short REGEX = 16;

    private static final short NEWEST = 0;

    private ConsumerRecordFormat() {}

    static boolean reads(short type) {
        return type >= EPOCH && type <= PLACE || type == REGEX;
    }

    // ---- keys ----

    static ByteBuffer key(ConsumerGroupRecord record) {
        String group = record.group();
        return switch (record) {
            case ConsumerGroupRecord.EpochSet _, ConsumerGroupRecord.EpochGone _ -> key(EPOCH, group, null);
            case ConsumerGroupRecord.OldTopicsSet _, ConsumerGroupRecord.OldTopicsGone _ ->
                key(OLD_TOPICS, group, null);
            case ConsumerGroupRecord.MemberSet set -> key(MEMBER, group, set.memberId());
            case ConsumerGroupRecord.MemberGone gone -> key(MEMBER, group, gone.memberId());
            case ConsumerGroupRecord.TargetEpochSet _, ConsumerGroupRecord.TargetEpochGone _ ->
                key(TARGET_EPOCH, group, null);
            case ConsumerGroupRecord.TargetSet set -> key(TARGET, group, set.memberId());
            case ConsumerGroupRecord.TargetGone gone -> key(TARGET, group, gone.memberId());
            case ConsumerGroupRecord.PlaceSet set -> key(PLACE, group, set.memberId());
            case ConsumerGroupRecord.PlaceGone gone -> key(PLACE, group, gone.memberId());
            case ConsumerGroupRecord.RegexSet set -> key(REGEX, group, set.regex());
            case ConsumerGroupRecord.RegexGone gone -> key(REGEX, group, gone.regex());
        };
    }

    private static ByteBuffer key(short type, String group, String part) {
        RecordOutput out = new RecordOutput(6 + group.length() + (part == null ? 0 : part.length()))
                .int16(type)
                .string(group);
        return part == null ? out.done() : out.string(part).done();
    }

    // ---- values ----

    /** Null for what is forgotten. */
    static ByteBuffer value(ConsumerGroupRecord record) {
        return switch (record) {
            case ConsumerGroupRecord.EpochSet(String _, int epoch, long hash) -> numbered(epoch, hash);
            case ConsumerGroupRecord.TargetEpochSet(String _, int epoch, long timestampMs) ->
                numbered(epoch, timestampMs);
            case ConsumerGroupRecord.OldTopicsSet _ ->
                value(8).varint(1).varint(0).done();
            case ConsumerGroupRecord.MemberSet set -> member(set.value());
            case ConsumerGroupRecord.TargetSet set -> target(set.value());
            case ConsumerGroupRecord.PlaceSet set -> place(set.value());
            case ConsumerGroupRecord.RegexSet set -> regex(set.value());
            case ConsumerGroupRecord.EpochGone _,
                    ConsumerGroupRecord.OldTopicsGone _,
                    ConsumerGroupRecord.MemberGone _,
                    ConsumerGroupRecord.TargetEpochGone _,
                    ConsumerGroupRecord.TargetGone _,
                    ConsumerGroupRecord.PlaceGone _,
                    ConsumerGroupRecord.RegexGone _ -> null;
        };
    }

    private static RecordOutput value(int expected) {
        return new RecordOutput(expected).int16(NEWEST);
    }

    /** A number, and another as a tagged field where it is not 0. */
    private static ByteBuffer numbered(int first, long tagged) {
        RecordOutput out = value(24).int32(first);
        return tagged == 0
                ? out.varint(0).done()
                : out.varint(1).varint(0).varint(8).int64(tagged).done();
    }

    private static ByteBuffer member(MemberSubscription value) {
        RecordOutput out = value(128 + 24 * value.topics().size())
                .compactString(value.instanceId())
                .compactString(value.rack())
                .compactString(value.clientId())
                .compactString(value.clientHost())
                .varint(value.topics().size() + 1);
        value.topics().forEach(out::compactString);
        out.compactString(value.regex()).int32(value.rebalanceTimeoutMs()).compactString(value.assignor());
        if (value.classic() == null) {
            return out.varint(0).done();
        }
        byte[] classic = classic(value.classic());
        return out.varint(1).varint(0).varint(classic.length).raw(classic).done();
    }

    private static byte[] classic(MemberSubscription.ClassicSide side) {
        RecordOutput out = new RecordOutput(64)
                .varint(1)
                .int32(side.sessionTimeoutMs())
                .varint(side.protocols().size() + 1);
        for (MemberSubscription.Protocol protocol : side.protocols()) {
            out.compactString(protocol.name())
                    .compactBytes(ClassicMember.bytes(protocol.metadata()))
                    .varint(0);
        }
        return ClassicMember.bytes(out.varint(0).done());
    }

    private static ByteBuffer target(Assignment value) {
        RecordOutput out = value(32 + 24 * value.topics().size() + 4 * value.size())
                .varint(value.topics().size() + 1);
        value.topics().forEach((topic, partitions) -> {
            topic(out, topic);
            numbers(out, partitions);
            out.varint(0);
        });
        return out.varint(0).done();
    }

    private static ByteBuffer place(MemberPlace value) {
        RecordOutput out = value(128)
                .int32(value.epoch())
                .int32(value.previousEpoch())
                .int8(value.state().code());
        owned(out, value.assigned());
        owned(out, value.revoking());
        return out.varint(0).done();
    }

    private static void owned(RecordOutput out, OwnedPartitions owned) {
        out.varint(owned.topicCount() + 1);
        owned.each((topic, partitions, epochs) -> {
            topic(out, topic);
            numbers(out, partitions);
            RecordOutput field = new RecordOutput(8 + 4 * epochs.length).varint(epochs.length + 1);
            for (int epoch : epochs) {
                field.int32(epoch);
            }
            byte[] bytes = ClassicMember.bytes(field.done());
            out.varint(1).varint(0).varint(bytes.length).raw(bytes);
        });
    }

    private static void topic(RecordOutput out, TopicId topic) {
        out.int64(topic.mostSignificantBits()).int64(topic.leastSignificantBits());
    }

    private static void numbers(RecordOutput out, PartitionSet numbers) {
        out.varint(numbers.size() + 1);
        numbers.forEach(out::int32);
    }

    private static ByteBuffer regex(ResolvedRegex value) {
        RecordOutput out =
                value(32 + 24 * value.topics().size()).varint(value.topics().size() + 1);
        value.topics().stream().sorted().forEach(out::compactString);
        return out.int64(value.version()).int64(value.timestampMs()).varint(0).done();
    }

    // ---- reading ----

    /**
     * @param in the key behind its type
     * @param value null for what is forgotten
     */
    static ConsumerGroupRecord read(short type, RecordInput in, ByteBuffer value) throws UnknownRecord {
        String group = in.string();
        String part = type == MEMBER || type == TARGET || type == PLACE || type == REGEX ? in.string() : null;
        return value == null ? gone(type, group, part) : set(type, group, part, new RecordInput(value));
    }

    private static ConsumerGroupRecord gone(short type, String group, String part) throws UnknownRecord {
        return switch (type) {
            case EPOCH -> new ConsumerGroupRecord.EpochGone(group);
            case OLD_TOPICS -> new ConsumerGroupRecord.OldTopicsGone(group);
            case MEMBER -> new ConsumerGroupRecord.MemberGone(group, part);
            case TARGET_EPOCH -> new ConsumerGroupRecord.TargetEpochGone(group);
            case TARGET -> new ConsumerGroupRecord.TargetGone(group, part);
            case PLACE -> new ConsumerGroupRecord.PlaceGone(group, part);
            case REGEX -> new ConsumerGroupRecord.RegexGone(group, part);
            default -> throw new UnknownRecord("type " + type);
        };
    }

    private static ConsumerGroupRecord set(short type, String group, String part, RecordInput in) throws UnknownRecord {
        short version = in.int16();
        if (version != NEWEST) {
            throw new UnknownRecord("version " + version + " of type " + type);
        }
        return switch (type) {
            case EPOCH -> new ConsumerGroupRecord.EpochSet(group, in.int32(), tagged(in));
            case OLD_TOPICS -> new ConsumerGroupRecord.OldTopicsSet(group);
            case MEMBER -> new ConsumerGroupRecord.MemberSet(group, part, readMember(in));
            case TARGET_EPOCH -> new ConsumerGroupRecord.TargetEpochSet(group, in.int32(), tagged(in));
            case TARGET -> new ConsumerGroupRecord.TargetSet(group, part, readTarget(in));
            case PLACE -> new ConsumerGroupRecord.PlaceSet(group, part, readPlace(in));
            case REGEX -> new ConsumerGroupRecord.RegexSet(group, part, readRegex(in));
            default -> throw new UnknownRecord("type " + type);
        };
    }

    private static long tagged(RecordInput in) {
        long[] value = {0};
        in.tags((tag, field) -> {
            if (tag == 0) {
                value[0] = field.int64();
            }
        });
        return value[0];
    }

    private static MemberSubscription readMember(RecordInput in) {
        String instanceId = in.nullableCompactString();
        String rack = in.nullableCompactString();
        String clientId = in.compactString();
        String clientHost = in.compactString();
        int count = in.compactCount();
        List<String> topics = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            topics.add(in.compactString());
        }
        String regex = in.nullableCompactString();
        int rebalanceTimeoutMs = in.int32();
        String assignor = in.nullableCompactString();
        MemberSubscription.ClassicSide[] classic = {null};
        in.tags((tag, field) -> {
            if (tag == 0 && field.int8() >= 0) {
                classic[0] = readClassic(field);
            }
        });
        return new MemberSubscription(
                instanceId,
                rack,
                clientId,
                clientHost,
                topics,
                regex == null ? "" : regex,
                rebalanceTimeoutMs,
                assignor,
                classic[0]);
    }

    private static MemberSubscription.ClassicSide readClassic(RecordInput in) {
        int sessionTimeoutMs = in.int32();
        int count = in.compactCount();
        List<MemberSubscription.Protocol> protocols = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            protocols.add(new MemberSubscription.Protocol(in.compactString(), ByteBuffer.wrap(in.compactBytes())));
            in.skipTags();
        }
        in.skipTags();
        return new MemberSubscription.ClassicSide(sessionTimeoutMs, protocols);
    }

    private static Assignment readTarget(RecordInput in) {
        int count = in.compactCount();
        Map<TopicId, PartitionSet> topics = new HashMap<>();
        for (int i = 0; i < count; i++) {
            topics.put(new TopicId(in.int64(), in.int64()), PartitionSet.of(readNumbers(in)));
            in.skipTags();
        }
        return new Assignment(topics);
    }

    private static MemberPlace readPlace(RecordInput in) {
        return new MemberPlace(in.int32(), in.int32(), MemberState.of(in.int8()), readOwned(in), readOwned(in));
    }

    private static OwnedPartitions readOwned(RecordInput in) {
        int count = in.compactCount();
        OwnedPartitions.Builder owned = new OwnedPartitions.Builder();
        for (int i = 0; i < count; i++) {
            TopicId topic = new TopicId(in.int64(), in.int64());
            int[] partitions = readNumbers(in);
            int[][] epochs = {{}};
            in.tags((tag, field) -> {
                if (tag == 0) {
                    epochs[0] = readNumbers(field);
                }
            });
            owned.add(topic, partitions, epochs[0]);
        }
        return owned.build();
    }

    /** None where the array is null. */
    private static int[] readNumbers(RecordInput in) {
        int count = in.compactCountOrNull();
        int[] numbers = new int[Math.max(0, count)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = in.int32();
        }
        return numbers;
    }

    private static ResolvedRegex readRegex(RecordInput in) {
        int count = in.compactCount();
        Set<String> topics = new HashSet<>();
        for (int i = 0; i < count; i++) {
            topics.add(in.compactString());
        }
        return new ResolvedRegex(topics, in.int64(), in.int64());
    }
}
