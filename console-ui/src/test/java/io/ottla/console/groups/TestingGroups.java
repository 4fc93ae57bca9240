package io.ottla.console.groups;

import io.ottla.console.TestingCluster;
import io.ottla.console.clusters.Cluster;
import io.ottla.console.clusters.ZooKeeperAccess;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsResult;
import org.apache.kafka.clients.admin.DescribeShareGroupsResult;
import org.apache.kafka.clients.admin.GroupAnswers;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.MemberAssignment;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.admin.ShareGroupDescription;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.apache.kafka.common.protocol.Errors;

/** A {@link TestingCluster} with groups in memory: logs go from 100 to 1,000 unless told otherwise. Counts the questions. */
public final class TestingGroups {
    private static final Node COORDINATOR = new Node(2, "kafka-2.example.net", 9092);
    private static final long FIRST = 100;
    private static final long END = 1_000;

    /** A group of it. */
    public static final class Held {
        final GroupType type;
        final String protocol;
        final GroupState state;
        final List<MemberDescription> members = new ArrayList<>();
        final Map<TopicPartition, Long> offsets = new ConcurrentHashMap<>();

        Held(GroupType type, String protocol, GroupState state) {
            this.type = type;
            this.protocol = protocol;
            this.state = state;
        }

        public Held at(String topic, int partition, long offset) {
            offsets.put(new TopicPartition(topic, partition), offset);
            return this;
        }

        public boolean isCommittedAt(String topic, int partition, long offset) {
            return Long.valueOf(offset).equals(offsets.get(new TopicPartition(topic, partition)));
        }

        public Held member(String id, String instance, String topic, int... partitions) {
            Set<TopicPartition> assigned = java.util.Arrays.stream(partitions)
                    .mapToObj(each -> new TopicPartition(topic, each))
                    .collect(Collectors.toSet());
            members.add(new MemberDescription(
                    id,
                    instance.isEmpty() ? Optional.empty() : Optional.of(instance),
                    Optional.empty(),
                    "client-" + id,
                    "/192.0.2.9",
                    new MemberAssignment(assigned),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()));
            return this;
        }
    }

    public final Map<String, Held> groups = new ConcurrentSkipListMap<>();
    public final Map<TopicPartition, Long> ends = new ConcurrentHashMap<>();
    public final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();

    /** Runs before each question, such as what costs time. */
    public Runnable before = () -> {};

    /** Its ZooKeeper; empty until a test gives one. */
    public Optional<ZooKeeperAccess> zooKeeper = Optional.empty();

    private final TestingCluster cluster;

    public TestingGroups(TestingCluster cluster) {
        this.cluster = cluster;
    }

    public Held with(String id, GroupType type, GroupState state) {
        Held held = new Held(type, type == GroupType.SHARE ? "share" : "consumer", state);
        groups.put(id, held);
        return held;
    }

    /** What a group has committed. */
    public long offset(String id, TopicPartition partition) {
        return groups.get(id).offsets.get(partition);
    }

    public int calls() {
        return calls.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    /** The cluster in memory, with these groups on top. */
    public Cluster cluster() {
        return (Cluster) Proxy.newProxyInstance(
                TestingGroups.class.getClassLoader(), new Class<?>[] {Cluster.class}, (proxy, method, arguments) -> {
                    try {
                        return switch (method.getName()) {
                            case "admin" -> admin();
                            case "zooKeeper" -> zooKeeper;
                            default -> method.invoke(cluster, arguments);
                        };
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
    }

    private Admin admin() {
        Admin topics = cluster.admin();
        return (Admin) Proxy.newProxyInstance(
                TestingGroups.class.getClassLoader(), new Class<?>[] {Admin.class}, (proxy, method, arguments) -> {
                    calls.computeIfAbsent(method.getName(), none -> new AtomicInteger())
                            .incrementAndGet();
                    before.run();
                    Object answer = answer(method.getName(), arguments);
                    if (answer != null) {
                        return answer;
                    }
                    try {
                        return method.invoke(topics, arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
    }

    @SuppressWarnings("unchecked")
    private Object answer(String method, Object[] arguments) {
        return switch (method) {
            case "listGroups" -> GroupAnswers.listed(listings());
            case "describeConsumerGroups" -> consumers((Collection<String>) arguments[0]);
            case "describeShareGroups" -> shares((Collection<String>) arguments[0]);
            case "listConsumerGroupOffsets" -> offsets((Map<String, ListConsumerGroupOffsetsSpec>) arguments[0]);
            case "listShareGroupOffsets" -> shared((Map<String, ListShareGroupOffsetsSpec>) arguments[0]);
            case "describeTopics" -> topics(arguments[0]);
            case "listOffsets" -> ends((Map<TopicPartition, OffsetSpec>) arguments[0]);
            case "alterConsumerGroupOffsets" ->
                alter((String) arguments[0], (Map<TopicPartition, OffsetAndMetadata>) arguments[1]);
            case "deleteConsumerGroups" -> delete((Collection<String>) arguments[0]);
            case "deleteConsumerGroupOffsets" -> forget((String) arguments[0], (Set<TopicPartition>) arguments[1]);
            case "removeMembersFromConsumerGroup" ->
                remove((String) arguments[0], (RemoveMembersFromConsumerGroupOptions) arguments[1]);
            default -> null;
        };
    }

    private List<GroupListing> listings() {
        return groups.entrySet().stream()
                .map(each -> new GroupListing(
                        each.getKey(),
                        Optional.of(each.getValue().type),
                        each.getValue().protocol,
                        Optional.of(each.getValue().state)))
                .toList();
    }

    private DescribeConsumerGroupsResult consumers(Collection<String> ids) {
        Map<String, KafkaFuture<ConsumerGroupDescription>> answers = new HashMap<>();
        for (String id : ids) {
            Held held = groups.get(id);
            answers.put(
                    id,
                    held == null
                            ? failed(new GroupIdNotFoundException("Group " + id + " not found."))
                            : KafkaFuture.completedFuture(new ConsumerGroupDescription(
                                    id,
                                    false,
                                    held.members,
                                    "range",
                                    held.type,
                                    held.state,
                                    COORDINATOR,
                                    Set.of(),
                                    Optional.empty(),
                                    Optional.empty())));
        }
        return new DescribeConsumerGroupsResult(answers);
    }

    private DescribeShareGroupsResult shares(Collection<String> ids) {
        Map<String, KafkaFuture<ShareGroupDescription>> answers = new HashMap<>();
        ids.forEach(id -> answers.put(
                id,
                KafkaFuture.completedFuture(
                        new ShareGroupDescription(id, List.of(), groups.get(id).state, COORDINATOR, 1, 1))));
        return new DescribeShareGroupsResult(answers);
    }

    private Object offsets(Map<String, ListConsumerGroupOffsetsSpec> asked) {
        Map<String, KafkaFuture<Map<TopicPartition, OffsetAndMetadata>>> answers = new HashMap<>();
        asked.keySet().forEach(id -> {
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            Held held = groups.get(id);
            if (held != null) {
                held.offsets.forEach((at, offset) -> offsets.put(at, new OffsetAndMetadata(offset)));
            }
            answers.put(id, KafkaFuture.completedFuture(offsets));
        });
        return GroupAnswers.offsets(answers);
    }

    private Object shared(Map<String, ListShareGroupOffsetsSpec> asked) {
        Map<String, KafkaFuture<Map<TopicPartition, SharePartitionOffsetInfo>>> answers = new HashMap<>();
        asked.keySet().forEach(id -> {
            Map<TopicPartition, SharePartitionOffsetInfo> offsets = new HashMap<>();
            groups.get(id)
                    .offsets
                    .forEach((at, offset) -> offsets.put(
                            at,
                            new SharePartitionOffsetInfo(offset, Optional.empty(), Optional.of(end(at) - offset - 1))));
            answers.put(id, KafkaFuture.completedFuture(offsets));
        });
        return GroupAnswers.shared(answers);
    }

    /** Null where a topic's partitions are asked for in another way. */
    private Object topics(Object names) {
        if (!(names instanceof Collection<?> asked)) {
            return null;
        }
        Map<String, KafkaFuture<TopicDescription>> answers = new HashMap<>();
        for (Object name : asked) {
            io.ottla.console.clusters.Topic topic = cluster.topics.get((String) name);
            answers.put(
                    (String) name,
                    topic == null
                            ? failed(new UnknownTopicOrPartitionException((String) name))
                            : KafkaFuture.completedFuture(new TopicDescription(
                                    topic.name(),
                                    false,
                                    topic.partitions().stream()
                                            .map(each -> new TopicPartitionInfo(
                                                    each.id(), COORDINATOR, List.of(COORDINATOR), List.of(COORDINATOR)))
                                            .toList())));
        }
        return GroupAnswers.topics(answers);
    }

    private long end(TopicPartition partition) {
        return ends.getOrDefault(partition, END);
    }

    private Object ends(Map<TopicPartition, OffsetSpec> asked) {
        Map<TopicPartition, KafkaFuture<ListOffsetsResultInfo>> answers = new HashMap<>();
        asked.forEach((at, spec) -> answers.put(
                at,
                KafkaFuture.completedFuture(new ListOffsetsResultInfo(
                        spec instanceof OffsetSpec.EarliestSpec
                                ? FIRST
                                : spec instanceof OffsetSpec.LatestSpec ? end(at) : (FIRST + end(at)) / 2,
                        -1,
                        Optional.empty()))));
        return new ListOffsetsResult(answers);
    }

    private Object alter(String id, Map<TopicPartition, OffsetAndMetadata> offsets) {
        Map<TopicPartition, Errors> errors = new HashMap<>();
        offsets.forEach((at, offset) -> {
            groups.get(id).offsets.put(at, offset.offset());
            errors.put(at, Errors.NONE);
        });
        return GroupAnswers.altered(KafkaFuture.completedFuture(errors));
    }

    private Object delete(Collection<String> ids) {
        Map<String, KafkaFuture<Void>> answers = new HashMap<>();
        ids.forEach(id -> {
            groups.remove(id);
            answers.put(id, KafkaFuture.completedFuture(null));
        });
        return GroupAnswers.deleted(answers);
    }

    private Object forget(String id, Set<TopicPartition> partitions) {
        Map<TopicPartition, Errors> errors = new HashMap<>();
        partitions.forEach(at -> {
            groups.get(id).offsets.remove(at);
            errors.put(at, Errors.NONE);
        });
        return GroupAnswers.forgotten(KafkaFuture.completedFuture(errors), partitions);
    }

    private Object remove(String id, RemoveMembersFromConsumerGroupOptions options) {
        if (options.removeAll()) {
            groups.get(id).members.clear();
        } else {
            options.members()
                    .forEach(gone -> groups.get(id)
                            .members
                            .removeIf(each -> each.groupInstanceId().equals(Optional.of(gone.groupInstanceId()))));
        }
        return GroupAnswers.removed(options.members());
    }

    private static <T> KafkaFuture<T> failed(Exception why) {
        KafkaFutureImpl<T> answer = new KafkaFutureImpl<>();
        answer.completeExceptionally(why);
        return answer;
    }
}
