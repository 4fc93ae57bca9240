package io.ottla.coordinator.group;

import static io.ottla.replication.TestingImages.alone;
import static io.ottla.replication.TestingImages.topic;

import io.ottla.config.GroupProperties;
import io.ottla.config.MigrationPolicy;
import io.ottla.config.TestingGroupProperties;
import io.ottla.coordinator.group.TestingGroups.Later;
import io.ottla.coordinator.group.assign.Assignment;
import io.ottla.coordinator.group.assign.AssignorInput;
import io.ottla.coordinator.group.assign.GroupAssignor;
import io.ottla.coordinator.group.assign.GroupAssignors;
import io.ottla.coordinator.group.assign.PartitionSet;
import io.ottla.metadata.ConfigImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.PartitionImage;
import io.ottla.types.TopicId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData.TopicPartitions;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;

/** Members of consumer groups, and the topics they read, over {@link TestingGroups}. */
final class TestingConsumers {
    static final int REBALANCE_MS = 60_000;

    final TestingGroups groups;
    /** Which topics members may know of. */
    Predicate<String> sees = topic -> true;

    /** Whether computing targets fails. */
    boolean assignorBreaks;

    private final Map<String, TopicId> topics = new TreeMap<>();
    private int lastId = 100;

    TestingConsumers() {
        this(with(Integer.MAX_VALUE, MigrationPolicy.BIDIRECTIONAL));
    }

    TestingConsumers(GroupProperties properties) {
        groups = new TestingGroups(properties, List.of(new Breaking("uniform"), new Breaking("range")));
    }

    static GroupProperties with(int maxSize, MigrationPolicy migration) {
        return new TestingGroupProperties()
                .initialRebalanceDelayMs(0)
                .maxConsumerSize(maxSize)
                .migration(migration)
                .properties();
    }

    /** An assignor that fails where a test says so. */
    private final class Breaking implements GroupAssignor {
        private final GroupAssignor real;

        Breaking(String name) {
            real = GroupAssignors.of(List.of(name)).getFirst();
        }

        @Override
        public String name() {
            return real.name();
        }

        @Override
        public Map<String, Assignment> assign(AssignorInput input) {
            if (assignorBreaks) {
                throw new IllegalStateException("Broken by the test");
            }
            return real.assign(input);
        }
    }

    // ---- topics ----

    /** There is such a topic from now on, or it has grown. */
    void create(String name, int partitions) {
        TopicId id = topics.computeIfAbsent(name, _ -> new TopicId(7, lastId++));
        PartitionImage[] states = new PartitionImage[partitions];
        Arrays.fill(states, alone(1));
        groups.apply(new MetadataChange.TopicSet(topic(name, id, states)));
        groups.run();
    }

    void delete(String name) {
        TopicId id = topics.remove(name);
        groups.apply(new MetadataChange.TopicGone(topic(name, id)));
        groups.run();
    }

    void configure(String group, String name, String value) {
        groups.apply(
                new MetadataChange.ConfigSet(ConfigResourceName.group(group), new ConfigImage(Map.of(name, value))));
    }

    // ---- heartbeats ----

    static ConsumerGroupHeartbeatRequestData joining(String group, String memberId, String... subscribed) {
        return new ConsumerGroupHeartbeatRequestData()
                .setGroupId(group)
                .setMemberId(memberId)
                .setMemberEpoch(0)
                .setRebalanceTimeoutMs(REBALANCE_MS)
                .setSubscribedTopicNames(List.of(subscribed))
                .setTopicPartitions(List.of());
    }

    static ConsumerGroupHeartbeatRequestData reporting(String group, String memberId, int epoch) {
        return new ConsumerGroupHeartbeatRequestData()
                .setGroupId(group)
                .setMemberId(memberId)
                .setMemberEpoch(epoch);
    }

    /** Partitions that it says it reads, as {@code topic-partition}. */
    List<TopicPartitions> owned(String... names) {
        Map<String, List<Integer>> byTopic = new TreeMap<>();
        for (String name : names) {
            int dash = name.lastIndexOf('-');
            byTopic.computeIfAbsent(name.substring(0, dash), _ -> new java.util.ArrayList<>())
                    .add(Integer.parseInt(name.substring(dash + 1)));
        }
        return byTopic.entrySet().stream()
                .map(entry -> new TopicPartitions()
                        .setTopicId(topics.get(entry.getKey()).uuid())
                        .setPartitions(entry.getValue()))
                .toList();
    }

    Later<ConsumerGroupHeartbeatResponseData> send(ConsumerGroupHeartbeatRequestData request, int version) {
        Later<ConsumerGroupHeartbeatResponseData> answer = new Later<>();
        groups.coordinator
                .consumers()
                .heartbeat(new GroupAsker("client", "/127.0.0.1", (short) version, sees), request, answer);
        groups.run();
        return answer;
    }

    ConsumerGroupHeartbeatResponseData beat(ConsumerGroupHeartbeatRequestData request) {
        return send(request, 1).get();
    }

    Errors refusal(ConsumerGroupHeartbeatRequestData request) {
        return Errors.forCode(beat(request).errorCode());
    }

    /** What a member is told it may read, as {@code topic-partition}; null where it is told nothing. */
    List<String> told(ConsumerGroupHeartbeatResponseData answer) {
        if (answer.assignment() == null) {
            return null;
        }
        return answer.assignment().topicPartitions().stream()
                .flatMap(topic ->
                        topic.partitions().stream().map(number -> name(TopicId.of(topic.topicId())) + "-" + number))
                .sorted()
                .toList();
    }

    private String name(TopicId id) {
        return topics.entrySet().stream()
                .filter(entry -> entry.getValue().equals(id))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(id.toString());
    }

    /** A member that does as clients do: heeds what it is told. */
    final class Client {
        final String group;
        final String id;
        String instanceId;
        int epoch;
        List<String> reads = List.of();

        Client(String group, String id) {
            this.group = group;
            this.id = id;
        }

        ConsumerGroupHeartbeatResponseData join(String... subscribed) {
            return heed(beat(joining(group, id, subscribed).setInstanceId(instanceId)));
        }

        /** Reports twice where it is told something, as clients do at once. */
        ConsumerGroupHeartbeatResponseData report() {
            ConsumerGroupHeartbeatResponseData answer =
                    heed(beat(reporting(group, id, epoch).setInstanceId(instanceId)));
            return answer.assignment() == null
                    ? answer
                    : heed(beat(reporting(group, id, epoch)
                            .setInstanceId(instanceId)
                            .setTopicPartitions(owned(reads.toArray(String[]::new)))));
        }

        ConsumerGroupHeartbeatResponseData heed(ConsumerGroupHeartbeatResponseData answer) {
            Errors error = Errors.forCode(answer.errorCode());
            if (error == Errors.NONE) {
                epoch = answer.memberEpoch();
                List<String> told = told(answer);
                if (told != null) {
                    reads = told;
                }
            } else if (error == Errors.FENCED_MEMBER_EPOCH || error == Errors.UNKNOWN_MEMBER_ID) {
                epoch = 0;
                reads = List.of();
            }
            return answer;
        }

        Errors leave(int as) {
            return refusal(reporting(group, id, as).setInstanceId(instanceId));
        }
    }

    // ---- what is seen from outside ----

    DescribedGroup describe(String group) {
        Later<List<DescribedGroup>> answer = new Later<>();
        groups.coordinator.consumers().describe(List.of(group), answer);
        groups.run();
        return answer.get().getFirst();
    }

    /** State, epochs, members with what they have and are to have. */
    String picture(String group) {
        DescribedGroup described = describe(group);
        List<String> members = described.members().stream()
                .map(member -> member.memberId() + "@" + member.memberEpoch() + " " + member.instanceId() + " "
                        + member.subscribedTopicNames() + member.subscribedTopicRegex() + " has "
                        + partitions(member.assignment()) + " of " + partitions(member.targetAssignment()) + " "
                        + member.memberType())
                .sorted()
                .toList();
        return described.groupState() + " " + described.groupEpoch() + "/" + described.assignmentEpoch() + " "
                + members;
    }

    private static List<String> partitions(
            org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.Assignment assignment) {
        return assignment.topicPartitions().stream()
                .map(topic -> topic.topicName() + PartitionSet.of(topic.partitions()))
                .sorted()
                .toList();
    }
}
