package io.ottla.coordinator.group;

import io.ottla.coordinator.group.assign.PartitionSet;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.TopicImage;
import io.ottla.types.TopicId;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;

/** Consumer groups as ConsumerGroupDescribe shows them. Pure. */
final class ConsumerDescriptions {
    private static final byte CLASSIC = 0;
    private static final byte CONSUMER = 1;

    private ConsumerDescriptions() {}

    static DescribedGroup of(ConsumerGroup group, String assignor, ClusterImage image) {
        ConsumerGroupState state = group.state();
        DescribedGroup described = new DescribedGroup()
                .setGroupId(group.id())
                .setGroupState(group.stateName())
                .setGroupEpoch(state.epoch())
                .setAssignmentEpoch(state.targetEpoch())
                .setAssignorName(assignor);
        for (ConsumerMember member : state.members()) {
            described.members().add(member(state, member, image));
        }
        return described;
    }

    private static ConsumerGroupDescribeResponseData.Member member(
            ConsumerGroupState state, ConsumerMember member, ClusterImage image) {
        MemberSubscription said = member.subscription();
        ConsumerGroupDescribeResponseData.Assignment assigned = new ConsumerGroupDescribeResponseData.Assignment();
        OwnedPartitions held = member.place().assigned().union(member.place().revoking());
        held.each((topic, partitions, _) -> add(assigned, topic, partitions, image));
        ConsumerGroupDescribeResponseData.Assignment target = new ConsumerGroupDescribeResponseData.Assignment();
        state.target(member.id()).topics().forEach((topic, partitions) -> add(target, topic, partitions, image));
        return new ConsumerGroupDescribeResponseData.Member()
                .setMemberId(member.id())
                .setInstanceId(member.instanceId())
                .setRackId(said.rack())
                .setMemberEpoch(member.place().epoch())
                .setClientId(said.clientId())
                .setClientHost(said.clientHost())
                .setSubscribedTopicNames(said.topics())
                .setSubscribedTopicRegex(said.regex())
                .setAssignment(assigned)
                .setTargetAssignment(target)
                .setMemberType(member.isClassic() ? CLASSIC : CONSUMER);
    }

    /** A topic that is gone has no name to be shown by. */
    private static void add(
            ConsumerGroupDescribeResponseData.Assignment to,
            TopicId topic,
            PartitionSet partitions,
            ClusterImage image) {
        TopicImage known = image.topic(topic);
        if (known != null) {
            to.topicPartitions()
                    .add(new ConsumerGroupDescribeResponseData.TopicPartitions()
                            .setTopicId(topic.uuid())
                            .setTopicName(known.name())
                            .setPartitions(partitions.asList()));
        }
    }
}
