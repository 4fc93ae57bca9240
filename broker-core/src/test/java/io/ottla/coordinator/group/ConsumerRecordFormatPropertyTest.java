package io.ottla.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.coordinator.RecordFormat.UnknownRecord;
import io.ottla.coordinator.group.assign.Assignment;
import io.ottla.coordinator.group.assign.PartitionSet;
import io.ottla.types.TopicId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupCurrentMemberAssignmentKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupCurrentMemberAssignmentValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMemberMetadataKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMemberMetadataValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMemberMetadataValue.ClassicMemberMetadata;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMemberMetadataValue.ClassicProtocol;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMetadataKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMetadataValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupPartitionMetadataKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupPartitionMetadataValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupRegularExpressionKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupRegularExpressionValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMemberKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMemberValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMetadataKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMetadataValue;

/** Our records of consumer groups are Kafka's, byte for byte. */
final class ConsumerRecordFormatPropertyTest {
    private final GroupRecordFormat format = new GroupRecordFormat();

    @Property(tries = 1000)
    void shouldWriteAndReadAsKafkaDoes(@ForAll("records") ConsumerGroupRecord record) throws Exception {
        // given  what Kafka makes of the same
        ByteBuffer key = KafkaRecords.key(kafkasKey(record));
        ApiMessage message = kafkasValue(record);
        ByteBuffer value = message == null ? null : KafkaRecords.value((short) 0, message);
        // when, then  it is the same bytes
        assertThat(format.key(record)).isEqualTo(key);
        assertThat(format.value(record)).isEqualTo(value);
        // and    each reads the other's
        assertThat(format.read(key, value)).isEqualTo(record);
        CoordinatorRecord read = KafkaRecords.read(format.key(record), format.value(record));
        assertThat(read.key()).isEqualTo(kafkasKey(record));
        assertThat(read.value() == null ? null : read.value().message()).isEqualTo(message);
    }

    @Property(tries = 500)
    void shouldEndInAnErrorWhateverIsDamaged(
            @ForAll("records") ConsumerGroupRecord record, @ForAll("damages") List<Integer> damages) {
        ByteBuffer value = format.value(record);
        if (value == null || !value.hasRemaining()) {
            return;
        }
        byte[] bytes = Utils.toArray(value);
        for (int damage : damages) {
            bytes[Math.floorMod(damage, bytes.length)] ^= (byte) (damage >> 16);
        }
        try {
            format.read(format.key(record), ByteBuffer.wrap(bytes));
        } catch (UnknownRecord | IllegalArgumentException | BufferUnderflowException expected) {
            // That is how a damaged record ends.
        }
    }

    @Property(tries = 20)
    void shouldPassOverVersionsOfNewerSoftware(@ForAll("records") ConsumerGroupRecord record) {
        if (record.isKept()) {
            ByteBuffer newer = ByteBuffer.allocate(64).putShort(0, (short) 1);
            assertThatThrownBy(() -> format.read(format.key(record), newer)).isInstanceOf(UnknownRecord.class);
        }
    }

    @Property(tries = 200)
    void shouldReadPlacesThatAreOlderThanEpochsOfPartitions(@ForAll("places") MemberPlace place) throws Exception {
        // given  as Kafka 4.2 wrote it
        ConsumerGroupCurrentMemberAssignmentValue value = kafkas(place);
        value.assignedPartitions().forEach(topic -> topic.setAssignmentEpochs(List.of()));
        value.partitionsPendingRevocation().forEach(topic -> topic.setAssignmentEpochs(List.of()));
        // when
        ConsumerGroupRecord.PlaceSet read = (ConsumerGroupRecord.PlaceSet) format.read(
                KafkaRecords.key(new ConsumerGroupCurrentMemberAssignmentKey()
                        .setGroupId("g")
                        .setMemberId("m")),
                KafkaRecords.value((short) 0, value));
        // then
        assertThat(read.value().assigned().assignment())
                .isEqualTo(place.assigned().assignment());
        place.assigned()
                .each((topic, partitions, _) -> partitions.forEach(
                        number -> assertThat(read.value().assigned().epochOf(topic, number))
                                .isEqualTo(OwnedPartitions.UNKNOWN_EPOCH)));
    }

    // ---- as Kafka has them ----

    private static ApiMessage kafkasKey(ConsumerGroupRecord record) {
        String group = record.group();
        return switch (record) {
            case ConsumerGroupRecord.EpochSet _, ConsumerGroupRecord.EpochGone _ ->
                new ConsumerGroupMetadataKey().setGroupId(group);
            case ConsumerGroupRecord.OldTopicsSet _, ConsumerGroupRecord.OldTopicsGone _ ->
                new ConsumerGroupPartitionMetadataKey().setGroupId(group);
            case ConsumerGroupRecord.MemberSet set ->
                new ConsumerGroupMemberMetadataKey().setGroupId(group).setMemberId(set.memberId());
            case ConsumerGroupRecord.MemberGone gone ->
                new ConsumerGroupMemberMetadataKey().setGroupId(group).setMemberId(gone.memberId());
            case ConsumerGroupRecord.TargetEpochSet _, ConsumerGroupRecord.TargetEpochGone _ ->
                new ConsumerGroupTargetAssignmentMetadataKey().setGroupId(group);
            case ConsumerGroupRecord.TargetSet set ->
                new ConsumerGroupTargetAssignmentMemberKey().setGroupId(group).setMemberId(set.memberId());
            case ConsumerGroupRecord.TargetGone gone ->
                new ConsumerGroupTargetAssignmentMemberKey().setGroupId(group).setMemberId(gone.memberId());
            case ConsumerGroupRecord.PlaceSet set ->
                new ConsumerGroupCurrentMemberAssignmentKey().setGroupId(group).setMemberId(set.memberId());
            case ConsumerGroupRecord.PlaceGone gone ->
                new ConsumerGroupCurrentMemberAssignmentKey().setGroupId(group).setMemberId(gone.memberId());
            case ConsumerGroupRecord.RegexSet set ->
                new ConsumerGroupRegularExpressionKey().setGroupId(group).setRegularExpression(set.regex());
            case ConsumerGroupRecord.RegexGone gone ->
                new ConsumerGroupRegularExpressionKey().setGroupId(group).setRegularExpression(gone.regex());
        };
    }

    private static ApiMessage kafkasValue(ConsumerGroupRecord record) {
        return switch (record) {
            case ConsumerGroupRecord.EpochSet(String _, int epoch, long hash) ->
                new ConsumerGroupMetadataValue().setEpoch(epoch).setMetadataHash(hash);
            case ConsumerGroupRecord.OldTopicsSet _ -> new ConsumerGroupPartitionMetadataValue();
            case ConsumerGroupRecord.MemberSet set -> kafkas(set.value());
            case ConsumerGroupRecord.TargetEpochSet(String _, int epoch, long timestampMs) ->
                new ConsumerGroupTargetAssignmentMetadataValue()
                        .setAssignmentEpoch(epoch)
                        .setAssignmentTimestamp(timestampMs);
            case ConsumerGroupRecord.TargetSet set -> {
                ConsumerGroupTargetAssignmentMemberValue value = new ConsumerGroupTargetAssignmentMemberValue();
                set.value()
                        .topics()
                        .forEach((topic, partitions) -> value.topicPartitions()
                                .add(new ConsumerGroupTargetAssignmentMemberValue.TopicPartition()
                                        .setTopicId(topic.uuid())
                                        .setPartitions(partitions.asList())));
                yield value;
            }
            case ConsumerGroupRecord.PlaceSet set -> kafkas(set.value());
            case ConsumerGroupRecord.RegexSet set ->
                new ConsumerGroupRegularExpressionValue()
                        .setTopics(set.value().topics().stream().sorted().toList())
                        .setVersion(set.value().version())
                        .setTimestamp(set.value().timestampMs());
            case ConsumerGroupRecord.EpochGone _,
                    ConsumerGroupRecord.OldTopicsGone _,
                    ConsumerGroupRecord.MemberGone _,
                    ConsumerGroupRecord.TargetEpochGone _,
                    ConsumerGroupRecord.TargetGone _,
                    ConsumerGroupRecord.PlaceGone _,
                    ConsumerGroupRecord.RegexGone _ -> null;
        };
    }

    private static ConsumerGroupMemberMetadataValue kafkas(MemberSubscription said) {
        ConsumerGroupMemberMetadataValue value = new ConsumerGroupMemberMetadataValue()
                .setInstanceId(said.instanceId())
                .setRackId(said.rack())
                .setClientId(said.clientId())
                .setClientHost(said.clientHost())
                .setSubscribedTopicNames(said.topics())
                .setSubscribedTopicRegex(said.regex())
                .setRebalanceTimeoutMs(said.rebalanceTimeoutMs())
                .setServerAssignor(said.assignor());
        if (said.classic() != null) {
            value.setClassicMemberMetadata(new ClassicMemberMetadata()
                    .setSessionTimeoutMs(said.classic().sessionTimeoutMs())
                    .setSupportedProtocols(said.classic().protocols().stream()
                            .map(each -> new ClassicProtocol()
                                    .setName(each.name())
                                    .setMetadata(ClassicMember.bytes(each.metadata())))
                            .toList()));
        }
        return value;
    }

    private static ConsumerGroupCurrentMemberAssignmentValue kafkas(MemberPlace place) {
        return new ConsumerGroupCurrentMemberAssignmentValue()
                .setMemberEpoch(place.epoch())
                .setPreviousMemberEpoch(place.previousEpoch())
                .setState((byte) place.state().code())
                .setAssignedPartitions(kafkas(place.assigned()))
                .setPartitionsPendingRevocation(kafkas(place.revoking()));
    }

    private static List<ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions> kafkas(OwnedPartitions owned) {
        List<ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions> all = new ArrayList<>();
        owned.each(
                (topic, partitions, epochs) -> all.add(new ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions()
                        .setTopicId(topic.uuid())
                        .setPartitions(partitions.asList())
                        .setAssignmentEpochs(Arrays.stream(epochs).boxed().toList())));
        return all;
    }

    // ---- what there can be ----

    @Provide
    Arbitrary<ConsumerGroupRecord> records() {
        Arbitrary<String> group = names();
        Arbitrary<String> member = names();
        Arbitrary<Integer> epochs = Arbitraries.integers().greaterOrEqual(0);
        Arbitrary<Long> numbers = Arbitraries.longs();
        return Arbitraries.oneOf(
                Combinators.combine(group, epochs, numbers).as(ConsumerGroupRecord.EpochSet::new),
                group.map(ConsumerGroupRecord.EpochGone::new),
                group.map(ConsumerGroupRecord.OldTopicsSet::new),
                group.map(ConsumerGroupRecord.OldTopicsGone::new),
                Combinators.combine(group, member, subscriptions()).as(ConsumerGroupRecord.MemberSet::new),
                Combinators.combine(group, member).as(ConsumerGroupRecord.MemberGone::new),
                Combinators.combine(group, epochs, numbers).as(ConsumerGroupRecord.TargetEpochSet::new),
                group.map(ConsumerGroupRecord.TargetEpochGone::new),
                Combinators.combine(group, member, assignments()).as(ConsumerGroupRecord.TargetSet::new),
                Combinators.combine(group, member).as(ConsumerGroupRecord.TargetGone::new),
                Combinators.combine(group, member, places()).as(ConsumerGroupRecord.PlaceSet::new),
                Combinators.combine(group, member).as(ConsumerGroupRecord.PlaceGone::new),
                Combinators.combine(
                                group,
                                member,
                                Combinators.combine(names().set().ofMaxSize(4), numbers, numbers)
                                        .as(ResolvedRegex::new))
                        .as(ConsumerGroupRecord.RegexSet::new),
                Combinators.combine(group, member).as(ConsumerGroupRecord.RegexGone::new));
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.strings()
                .ofMaxLength(20)
                .filter(text ->
                        text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
    }

    private Arbitrary<MemberSubscription> subscriptions() {
        Arbitrary<MemberSubscription.Protocol> protocols = Combinators.combine(
                        names(), Arbitraries.bytes().array(byte[].class).ofMaxSize(30))
                .as((name, bytes) -> new MemberSubscription.Protocol(name, ByteBuffer.wrap(bytes)));
        // A session of no time is refused when a member joins; Kafka leaves a side of only zeros out of the record.
        Arbitrary<MemberSubscription.ClassicSide> classic = Combinators.combine(
                        Arbitraries.integers().greaterOrEqual(1),
                        protocols.list().ofMaxSize(3))
                .as(MemberSubscription.ClassicSide::new);
        return Combinators.combine(
                        names().injectNull(0.5),
                        names().injectNull(0.5),
                        names(),
                        names().list().ofMaxSize(4),
                        names(),
                        Arbitraries.integers(),
                        names().injectNull(0.5),
                        classic.injectNull(0.5))
                .as((instance, rack, client, topics, regex, timeout, assignor, side) -> new MemberSubscription(
                        instance, rack, client, "/" + client, topics, regex, timeout, assignor, side));
    }

    /** Of one topic at most: the order of several is nobody's. */
    private Arbitrary<Assignment> assignments() {
        Arbitrary<PartitionSet> partitions =
                Arbitraries.integers().between(0, 50).list().ofMaxSize(10).map(PartitionSet::of);
        return Combinators.combine(Arbitraries.longs(), partitions)
                .as((id, numbers) -> new Assignment(Map.of(new TopicId(id, 5), numbers)));
    }

    @Provide
    Arbitrary<MemberPlace> places() {
        Arbitrary<OwnedPartitions> owned = Combinators.combine(
                        assignments(), Arbitraries.integers().between(1, 9))
                .as((one, epoch) -> {
                    OwnedPartitions first = OwnedPartitions.of(one, epoch);
                    return first.isEmpty()
                            ? first
                            : first.with(
                                    new Assignment(Map.of(
                                            one.topics().keySet().iterator().next(), PartitionSet.of(51, 60))),
                                    epoch + 1);
                });
        return Combinators.combine(
                        Arbitraries.integers(),
                        Arbitraries.integers(),
                        Arbitraries.of(MemberState.values()),
                        owned,
                        owned)
                .as(MemberPlace::new);
    }

    @Provide
    Arbitrary<List<Integer>> damages() {
        return Arbitraries.integers().list().ofMinSize(1).ofMaxSize(4);
    }
}
