package io.ottla.coordinator.group;

import io.ottla.coordinator.group.assign.Assignment;
import io.ottla.coordinator.group.assign.AssignorInput;
import io.ottla.coordinator.group.assign.GroupAssignor;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.types.TopicId;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Computes the targets of a consumer group's members from pictures of the group and of the cluster. Pure; runs on a pool,
 * since a large group takes its time.
 */
final class TargetComputation {
    private final ConsumerGroupState group;
    private final ClusterImage image;
    private final GroupAssignor assignor;
    private final Map<TopicId, AssignorInput.Topic> topics = new HashMap<>();

    TargetComputation(ConsumerGroupState group, ClusterImage image, GroupAssignor assignor) {
        this.group = group;
        this.image = image;
        this.assignor = assignor;
    }

    /** By member id; each of the group's. */
    Map<String, Assignment> compute() {
        AssignorInput input = input();
        return input.members().isEmpty() ? Map.of() : assignor.assign(input);
    }

    private AssignorInput input() {
        Map<Subscription, Set<TopicId>> shared = new HashMap<>();
        Map<String, AssignorInput.Member> members = new HashMap<>();
        for (ConsumerMember member : group.members()) {
            MemberSubscription said = member.subscription();
            Set<TopicId> subscribed =
                    shared.computeIfAbsent(new Subscription(said.topics(), said.regex()), _ -> subscribed(said));
            members.put(
                    member.id(),
                    new AssignorInput.Member(member.instanceId(), said.rack(), subscribed, group.target(member.id())));
        }
        return new AssignorInput(members, topics);
    }

    private record Subscription(List<String> topics, String regex) {}

    private Set<TopicId> subscribed(MemberSubscription subscription) {
        Set<TopicId> ids = new HashSet<>();
        for (String name : group.topicsOf(subscription)) {
            TopicImage topic = image.topic(name);
            if (topic != null && !topic.id().isZero() && !topic.deleting()) {
                ids.add(topic.id());
                topics.computeIfAbsent(topic.id(), _ -> new SeenTopic(image, topic));
            }
        }
        return Collections.unmodifiableSet(ids);
    }

    /** A topic as it is in the cluster's image. */
    private record SeenTopic(ClusterImage image, TopicImage topic) implements AssignorInput.Topic {
        @Override
        public String name() {
            return topic.name();
        }

        @Override
        public int partitions() {
            return topic.partitions().size();
        }

        @Override
        public Set<String> racks(int partition) {
            PartitionImage state = topic.partition(partition);
            return state == null ? Set.of() : new HashSet<>(TopicHashes.racks(image, state));
        }
    }
}
