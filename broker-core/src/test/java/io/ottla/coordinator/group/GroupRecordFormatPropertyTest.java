package io.ottla.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.coordinator.RecordFormat.UnknownRecord;
import io.ottla.types.TopicId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordHelpers;
import org.apache.kafka.coordinator.group.generated.GroupMetadataKey;
import org.apache.kafka.coordinator.group.generated.GroupMetadataValue;
import org.apache.kafka.coordinator.group.generated.LegacyOffsetCommitKey;
import org.apache.kafka.coordinator.group.generated.LegacyOffsetCommitValue;
import org.apache.kafka.coordinator.group.generated.OffsetCommitKey;
import org.apache.kafka.coordinator.group.generated.OffsetCommitValue;

/** Our records are Kafka's, byte for byte where we write, in every version where we read. */
final class GroupRecordFormatPropertyTest {
    private final GroupRecordFormat format = new GroupRecordFormat();

    @Property(tries = 500)
    void shouldWriteOffsetsAsKafkaDoes(@ForAll("offsetRecords") GroupRecord.OffsetSet record) throws Exception {
        // given  what Kafka makes of the commit
        CoordinatorRecord kafka =
                KafkaRecords.commit(record.group(), record.topic(), record.partition(), record.value());
        // when, then  keys are the same bytes, and so are values, in the oldest version that says it all
        assertThat(format.key(record)).isEqualTo(KafkaRecords.key(kafka));
        boolean expires = record.value().expireTimestampMs() >= 0;
        short version = (short) (expires ? 1 : record.value().topicId().isZero() ? 3 : 4);
        assertThat(format.value(record))
                .isEqualTo(KafkaRecords.value(version, kafka.value().message()));
        // and    Kafka reads in ours what we meant
        OffsetCommitValue read = (OffsetCommitValue) KafkaRecords.read(format.key(record), format.value(record))
                .value()
                .message();
        assertThat(read.offset()).isEqualTo(record.value().offset());
        assertThat(read.metadata()).isEqualTo(record.value().metadata());
        assertThat(read.commitTimestamp()).isEqualTo(record.value().commitTimestampMs());
        assertThat(read.expireTimestamp()).isEqualTo(record.value().expireTimestampMs());
        assertThat(read.leaderEpoch()).isEqualTo(expires ? -1 : record.value().leaderEpoch());
        assertThat(TopicId.of(read.topicId()))
                .isEqualTo(expires ? TopicId.ZERO : record.value().topicId());
        // and    we read our own
        if (!expires) {
            assertThat(format.read(format.key(record), format.value(record))).isEqualTo(record);
        }
    }

    @Property(tries = 500)
    void shouldReadOffsetsOfEveryVersion(
            @ForAll("offsetRecords") GroupRecord.OffsetSet record, @ForAll @IntRange(max = 4) int version)
            throws Exception {
        // given  a value that Kafka wrote in that version
        CommittedOffset value = record.value();
        OffsetCommitValue kafka = new OffsetCommitValue()
                .setOffset(value.offset())
                .setMetadata(value.metadata())
                .setCommitTimestamp(value.commitTimestampMs());
        if (version == 1) {
            kafka.setExpireTimestamp(value.expireTimestampMs());
        }
        if (version >= 3) {
            kafka.setLeaderEpoch(value.leaderEpoch());
        }
        if (version >= 4) {
            kafka.setTopicId(value.topicId().uuid());
        }
        ByteBuffer key = KafkaRecords.key(new OffsetCommitKey()
                .setGroup(record.group())
                .setTopic(record.topic())
                .setPartition(record.partition()));
        // when, then
        assertThat(format.read(key, KafkaRecords.value((short) version, kafka)))
                .isEqualTo(new GroupRecord.OffsetSet(
                        record.group(),
                        record.topic(),
                        record.partition(),
                        new CommittedOffset(
                                value.offset(),
                                version >= 3 ? value.leaderEpoch() : -1,
                                value.metadata(),
                                value.commitTimestampMs(),
                                version == 1 ? value.expireTimestampMs() : -1,
                                version >= 4 ? value.topicId() : TopicId.ZERO)));
    }

    @Property(tries = 100)
    void shouldReadOffsetsOfTheOldestKeys(@ForAll("offsetRecords") GroupRecord.OffsetSet record) throws Exception {
        ByteBuffer key = KafkaRecords.key(new LegacyOffsetCommitKey()
                .setGroup(record.group())
                .setTopic(record.topic())
                .setPartition(record.partition()));
        ByteBuffer value = KafkaRecords.value(
                (short) 0,
                new LegacyOffsetCommitValue()
                        .setOffset(record.value().offset())
                        .setMetadata(record.value().metadata())
                        .setCommitTimestamp(record.value().commitTimestampMs()));
        GroupRecord.OffsetSet read = (GroupRecord.OffsetSet) format.read(key, value);
        assertThat(read.value().offset()).isEqualTo(record.value().offset());
        assertThat(read.value().metadata()).isEqualTo(record.value().metadata());
        assertThat(format.read(key, null))
                .isEqualTo(new GroupRecord.OffsetGone(record.group(), record.topic(), record.partition()));
    }

    @Property(tries = 500)
    void shouldWriteAndReadClassicGroupsAsKafkaDoes(
            @ForAll("names") String group, @ForAll("groups") StoredGroup value, @ForAll @IntRange(max = 4) int version)
            throws Exception {
        // given  what Kafka writes
        ByteBuffer key = KafkaRecords.key(new GroupMetadataKey().setGroup(group));
        GroupRecord record = new GroupRecord.ClassicGroupSet(group, value);
        // then   ours is the same in the version that it writes today
        assertThat(format.key(record)).isEqualTo(key);
        assertThat(format.value(record)).isEqualTo(KafkaRecords.value((short) 3, kafka(value, (short) 3)));
        assertThat(KafkaRecords.read(format.key(record), format.value(record))
                        .value()
                        .message())
                .isEqualTo(kafka(value, (short) 3));
        // and    ours reads every version
        assertThat(format.read(key, KafkaRecords.value((short) version, kafka(value, (short) version))))
                .isEqualTo(new GroupRecord.ClassicGroupSet(group, in(value, version)));
    }

    @Property(tries = 50)
    void shouldWriteTombstonesAsKafkaDoes(@ForAll("names") String group, @ForAll("names") String topic)
            throws Exception {
        GroupRecord offset = new GroupRecord.OffsetGone(group, topic, 3);
        assertThat(format.key(offset))
                .isEqualTo(KafkaRecords.key(
                        GroupCoordinatorRecordHelpers.newOffsetCommitTombstoneRecord(group, topic, 3)));
        GroupRecord classic = new GroupRecord.ClassicGroupGone(group);
        assertThat(format.key(classic))
                .isEqualTo(KafkaRecords.key(GroupCoordinatorRecordHelpers.newGroupMetadataTombstoneRecord(group)));
        assertThat(format.value(offset)).isNull();
        assertThat(format.value(classic)).isNull();
        assertThat(format.read(format.key(offset), null)).isEqualTo(offset);
        assertThat(format.read(format.key(classic), null)).isEqualTo(classic);
    }

    @Example
    void shouldSayWhatItDoesNotKnow() {
        ByteBuffer type = ByteBuffer.allocate(2).putShort((short) 99).flip();
        assertThatThrownBy(() -> format.read(type, null))
                .isInstanceOf(UnknownRecord.class)
                .hasMessage("type 99");
        ByteBuffer key = format.key(new GroupRecord.ClassicGroupGone("g"));
        ByteBuffer value = ByteBuffer.allocate(8).putShort((short) 5).rewind();
        assertThatThrownBy(() -> format.read(key, value))
                .isInstanceOf(UnknownRecord.class)
                .hasMessage("version 5 of a classic group");
    }

    /** Whatever is damaged ends in an exception that the loader expects, without a large allocation. */
    @Property(tries = 500)
    void shouldBelieveNoLength(@ForAll("groups") StoredGroup value, @ForAll @IntRange(max = 200) int cut)
            throws Exception {
        GroupRecord record = new GroupRecord.ClassicGroupSet("g", value);
        ByteBuffer whole = format.value(record);
        ByteBuffer damaged =
                ByteBuffer.allocate(whole.remaining()).put(whole.duplicate()).flip();
        int at = 2 + cut % (damaged.limit() - 2);
        damaged.put(at, (byte) 0x7F).limit(Math.max(2, damaged.limit() - cut / 3));
        try {
            format.read(format.key(record), damaged);
        } catch (UnknownRecord | RuntimeException expected) {
            assertThat(expected)
                    .isInstanceOfAny(
                            IllegalArgumentException.class,
                            java.nio.BufferUnderflowException.class,
                            UnknownRecord.class);
        }
    }

    private static GroupMetadataValue kafka(StoredGroup value, short version) {
        GroupMetadataValue kafka = new GroupMetadataValue()
                .setProtocolType(value.protocolType())
                .setGeneration(value.generation())
                .setProtocol(value.protocol())
                .setLeader(value.leader());
        if (version >= 2) {
            kafka.setCurrentStateTimestamp(value.stateTimestampMs());
        }
        for (StoredMember member : value.members()) {
            GroupMetadataValue.MemberMetadata of = new GroupMetadataValue.MemberMetadata()
                    .setMemberId(member.memberId())
                    .setClientId(member.clientId())
                    .setClientHost(member.clientHost())
                    .setSessionTimeout(member.sessionTimeoutMs())
                    .setSubscription(member.subscription().array())
                    .setAssignment(member.assignment().array());
            if (version >= 1) {
                of.setRebalanceTimeout(member.rebalanceTimeoutMs());
            }
            if (version >= 3) {
                of.setGroupInstanceId(member.instanceId());
            }
            kafka.members().add(of);
        }
        return kafka;
    }

    /** What is left of a group in an old version. */
    private static StoredGroup in(StoredGroup value, int version) {
        List<StoredMember> members = new ArrayList<>();
        for (StoredMember member : value.members()) {
            members.add(new StoredMember(
                    member.memberId(),
                    version >= 3 ? member.instanceId() : null,
                    member.clientId(),
                    member.clientHost(),
                    version >= 1 ? member.rebalanceTimeoutMs() : member.sessionTimeoutMs(),
                    member.sessionTimeoutMs(),
                    member.subscription(),
                    member.assignment()));
        }
        return new StoredGroup(
                value.protocolType(),
                value.generation(),
                value.protocol(),
                value.leader(),
                version >= 2 ? value.stateTimestampMs() : -1,
                members);
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.strings()
                .ofMaxLength(20)
                .filter(text -> text.chars().noneMatch(character -> Character.isSurrogate((char) character)));
    }

    @Provide
    Arbitrary<GroupRecord.OffsetSet> offsetRecords() {
        Arbitrary<CommittedOffset> values = Combinators.combine(
                        Arbitraries.longs().greaterOrEqual(0),
                        Arbitraries.integers().between(-1, 100),
                        names(),
                        Arbitraries.longs().greaterOrEqual(0),
                        Arbitraries.longs().greaterOrEqual(0).injectNull(0.8),
                        Arbitraries.longs().injectNull(0.5))
                .as((offset, epoch, metadata, committed, expires, id) -> new CommittedOffset(
                        offset,
                        epoch,
                        metadata,
                        committed,
                        expires == null ? -1 : expires,
                        id == null ? TopicId.ZERO : new TopicId(id, 7)));
        return Combinators.combine(names(), names(), Arbitraries.integers(), values)
                .as(GroupRecord.OffsetSet::new);
    }

    @Provide
    Arbitrary<StoredGroup> groups() {
        Arbitrary<ByteBuffer> content = Arbitraries.bytes().list().ofMaxSize(30).map(bytes -> {
            byte[] array = new byte[bytes.size()];
            for (int i = 0; i < array.length; i++) {
                array[i] = bytes.get(i);
            }
            return ByteBuffer.wrap(array);
        });
        Arbitrary<StoredMember> members = Combinators.combine(
                        names(),
                        names().injectNull(0.5),
                        names(),
                        names(),
                        Arbitraries.integers(),
                        Arbitraries.integers(),
                        content,
                        content)
                .as(StoredMember::new);
        return Combinators.combine(
                        names(),
                        Arbitraries.integers(),
                        names().injectNull(0.3),
                        names().injectNull(0.3),
                        Arbitraries.longs(),
                        members.list().ofMaxSize(4))
                .as(StoredGroup::new);
    }
}
