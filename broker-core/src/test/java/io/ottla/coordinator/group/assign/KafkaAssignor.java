package io.ottla.coordinator.group.assign;

import io.ottla.types.TopicId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.coordinator.group.api.assignor.ConsumerGroupPartitionAssignor;
import org.apache.kafka.coordinator.group.api.assignor.SubscribedTopicDescriber;
import org.apache.kafka.coordinator.group.api.assignor.SubscriptionType;
import org.apache.kafka.coordinator.group.modern.GroupSpecImpl;
import org.apache.kafka.coordinator.group.modern.MemberSubscriptionAndAssignmentImpl;

/** One of Kafka's own assignors behind our interface. */
record KafkaAssignor(ConsumerGroupPartitionAssignor kafka) implements GroupAssignor {
    @Override
    public String name() {
        return kafka.name();
    }

    @Override
    public Map<String, Assignment> assign(AssignorInput input) {
        Map<String, MemberSubscriptionAndAssignmentImpl> members = new HashMap<>();
        Map<Uuid, Map<Integer, String>> owners = new HashMap<>();
        input.members().forEach((id, member) -> {
            Map<Uuid, Set<Integer>> current = new HashMap<>();
            member.current().topics().forEach((topic, partitions) -> {
                current.put(topic.uuid(), new HashSet<>(partitions.asList()));
                partitions.forEach(number -> owners.computeIfAbsent(topic.uuid(), none -> new HashMap<>())
                        .put(number, id));
            });
            members.put(
                    id,
                    new MemberSubscriptionAndAssignmentImpl(
                            Optional.ofNullable(member.rack()),
                            Optional.ofNullable(member.instanceId()),
                            member.subscribed().stream().map(TopicId::uuid).collect(Collectors.toSet()),
                            new org.apache.kafka.coordinator.group.modern.Assignment(current)));
        });
        SubscriptionType type = input.isHomogeneous() ? SubscriptionType.HOMOGENEOUS : SubscriptionType.HETEROGENEOUS;
        Map<String, Assignment> assignments = new HashMap<>();
        kafka.assign(new GroupSpecImpl(members, type, owners), new Described(input))
                .members()
                .forEach((id, assignment) -> {
                    Map<TopicId, PartitionSet> given = new HashMap<>();
                    assignment
                            .partitions()
                            .forEach((topic, partitions) -> given.put(TopicId.of(topic), PartitionSet.of(partitions)));
                    assignments.put(id, new Assignment(given));
                });
        input.members().keySet().forEach(id -> assignments.putIfAbsent(id, Assignment.NONE));
        return assignments;
    }

    private record Described(AssignorInput input) implements SubscribedTopicDescriber {
        @Override
        public int numPartitions(Uuid topic) {
            AssignorInput.Topic known = input.topics().get(TopicId.of(topic));
            return known == null ? -1 : known.partitions();
        }

        @Override
        public Set<String> racksForPartition(Uuid topic, int partition) {
            return input.topics().get(TopicId.of(topic)).racks(partition);
        }
    }
}
