package io.ottla.coordinator.group;

import io.ottla.coordinator.group.assign.PartitionSet;
import io.ottla.types.TopicId;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;

/** Answers to members of consumer groups. */
final class HeartbeatAnswers {
    private HeartbeatAnswers() {}

    static ConsumerGroupHeartbeatResponseData refused(Errors error) {
        return new ConsumerGroupHeartbeatResponseData().setErrorCode(error.code());
    }

    static ConsumerGroupHeartbeatResponseData refused(Refusal refusal) {
        return refused(refusal.error()).setErrorMessage(refusal.message());
    }

    /** A member has gone, for good or for a while. */
    static ConsumerGroupHeartbeatResponseData left(String memberId, int epoch) {
        return new ConsumerGroupHeartbeatResponseData().setMemberId(memberId).setMemberEpoch(epoch);
    }

    /** @param tells whether it is told what it may read */
    static ConsumerGroupHeartbeatResponseData present(ConsumerMember member, int intervalMs, boolean tells) {
        ConsumerGroupHeartbeatResponseData answer = new ConsumerGroupHeartbeatResponseData()
                .setMemberId(member.id())
                .setMemberEpoch(member.place().epoch())
                .setHeartbeatIntervalMs(intervalMs);
        if (tells) {
            ConsumerGroupHeartbeatResponseData.Assignment assignment =
                    new ConsumerGroupHeartbeatResponseData.Assignment();
            member.place()
                    .assigned()
                    .each((topic, partitions, _) -> assignment.topicPartitions().add(partitions(topic, partitions)));
            answer.setAssignment(assignment);
        }
        return answer;
    }

    private static ConsumerGroupHeartbeatResponseData.TopicPartitions partitions(
            TopicId topic, PartitionSet partitions) {
        return new ConsumerGroupHeartbeatResponseData.TopicPartitions()
                .setTopicId(topic.uuid())
                .setPartitions(partitions.asList());
    }
}
