package org.apache.kafka.clients.admin;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.internals.CoordinatorKey;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/** Makes answers of the Admin client about groups for a cluster in memory: their constructors are seen in this package alone. */
public final class GroupAnswers {
    private GroupAnswers() {}

    public static ListGroupsResult listed(Collection<GroupListing> groups) {
        return new ListGroupsResult(KafkaFuture.completedFuture(List.copyOf(groups)));
    }

    public static ListConsumerGroupOffsetsResult offsets(
            Map<String, KafkaFuture<Map<TopicPartition, OffsetAndMetadata>>> offsets) {
        return new ListConsumerGroupOffsetsResult(keyed(offsets));
    }

    public static ListShareGroupOffsetsResult shared(
            Map<String, KafkaFuture<Map<TopicPartition, SharePartitionOffsetInfo>>> offsets) {
        return new ListShareGroupOffsetsResult(keyed(offsets));
    }

    public static DescribeTopicsResult topics(Map<String, KafkaFuture<TopicDescription>> answers) {
        return DescribeTopicsResult.ofTopicNames(answers);
    }

    private static <T> Map<CoordinatorKey, KafkaFuture<T>> keyed(Map<String, KafkaFuture<T>> answers) {
        Map<CoordinatorKey, KafkaFuture<T>> keyed = new HashMap<>();
        answers.forEach((group, answer) -> keyed.put(CoordinatorKey.byGroupId(group), answer));
        return keyed;
    }

    public static AlterConsumerGroupOffsetsResult altered(KafkaFuture<Map<TopicPartition, Errors>> answer) {
        return new AlterConsumerGroupOffsetsResult(answer);
    }

    public static DeleteConsumerGroupsResult deleted(Map<String, KafkaFuture<Void>> answers) {
        return new DeleteConsumerGroupsResult(answers);
    }

    public static DeleteConsumerGroupOffsetsResult forgotten(
            KafkaFuture<Map<TopicPartition, Errors>> answer, Set<TopicPartition> partitions) {
        return new DeleteConsumerGroupOffsetsResult(answer, partitions);
    }

    public static RemoveMembersFromConsumerGroupResult removed(Set<MemberToRemove> members) {
        Map<org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity, Errors> errors = new HashMap<>();
        members.forEach(member -> errors.put(member.toMemberIdentity(), Errors.NONE));
        return new RemoveMembersFromConsumerGroupResult(KafkaFuture.completedFuture(errors), members);
    }
}
