package io.ottla.console;

import io.ottla.console.clusters.Partition;
import io.ottla.console.clusters.Topic;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigsResult;
import org.apache.kafka.clients.admin.AlterPartitionReassignmentsResult;
import org.apache.kafka.clients.admin.AlterReplicaLogDirsResult;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigType;
import org.apache.kafka.clients.admin.CreatePartitionsResult;
import org.apache.kafka.clients.admin.DescribeConfigsResult;
import org.apache.kafka.clients.admin.DescribeLogDirsResult;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.ElectLeadersResult;
import org.apache.kafka.clients.admin.ListPartitionReassignmentsResult;
import org.apache.kafka.clients.admin.ListTopicsResult;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TopicListing;
import org.apache.kafka.clients.admin.UnregisterBrokerResult;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ElectionNotNeededException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;

/** What the Admin client of a {@link TestingCluster} says of replicas, and what it does with them: moves begin and never end by themselves. */
public final class TestingReplicas {
    /** A megabyte for each replica, the first partition one, the second two. */
    static final long MEGABYTE = 1_000_000;

    private final TestingCluster cluster;
    /** By what was asked, such as {@code alterPartitionReassignments}. */
    public final List<String> asked = new ArrayList<>();

    public final Map<TopicPartition, PartitionReassignment> running = new ConcurrentHashMap<>();
    /** Bytes of a new replica that have arrived. */
    public volatile long copied = MEGABYTE / 4;

    public final Map<ConfigResource, Map<String, String>> configs = new ConcurrentHashMap<>();
    /** What is answered to {@code unregisterBroker}, {@code createPartitions}, new moves and settings, where it is no yes. */
    public final Map<String, Exception> refusals = new ConcurrentHashMap<>();

    public final Map<TopicPartitionReplica, String> folders = new ConcurrentHashMap<>();

    TestingReplicas(TestingCluster cluster) {
        this.cluster = cluster;
    }

    @SuppressWarnings("unchecked")
    Object call(String method, Object[] arguments) {
        synchronized (asked) {
            asked.add(method);
        }
        return switch (method) {
            case "listTopics" -> result(ListTopicsResult.class, KafkaFuture.completedFuture(listings()));
            case "describeTopics" -> describe((Collection<String>) arguments[0]);
            case "describeLogDirs" -> result(DescribeLogDirsResult.class, disks((Collection<Integer>) arguments[0]));
            case "describeConfigs" ->
                result(DescribeConfigsResult.class, read((Collection<ConfigResource>) arguments[0]));
            case "incrementalAlterConfigs" ->
                result(AlterConfigsResult.class, alter((Map<ConfigResource, Collection<AlterConfigOp>>) arguments[0]));
            case "listPartitionReassignments" ->
                result(ListPartitionReassignmentsResult.class, KafkaFuture.completedFuture(Map.copyOf(running)));
            case "alterPartitionReassignments" ->
                result(
                        AlterPartitionReassignmentsResult.class,
                        move((Map<TopicPartition, Optional<NewPartitionReassignment>>) arguments[0]));
            case "electLeaders" ->
                result(ElectLeadersResult.class, KafkaFuture.completedFuture(elect((Set<TopicPartition>)
                        arguments[1])));
            case "alterReplicaLogDirs" ->
                result(AlterReplicaLogDirsResult.class, moveFolders((Map<TopicPartitionReplica, String>) arguments[0]));
            case "unregisterBroker" -> result(UnregisterBrokerResult.class, answer(method));
            case "createPartitions" ->
                result(
                        CreatePartitionsResult.class,
                        Map.of(
                                ((Map<String, ?>) arguments[0])
                                        .keySet()
                                        .iterator()
                                        .next(),
                                answer(method)));
            default -> throw new UnsupportedOperationException(method);
        };
    }

    private KafkaFuture<Void> answer(String method) {
        return refusals.containsKey(method) ? failed(refusals.get(method)) : KafkaFuture.completedFuture(null);
    }

    /** All moves arrive. */
    public void arrive() {
        running.forEach((at, move) -> {
            Topic topic = cluster.topics.get(at.topic());
            List<Integer> target = move.replicas().stream()
                    .filter(broker -> !move.removingReplicas().contains(broker))
                    .toList();
            cluster.topics.put(
                    at.topic(),
                    new Topic(
                            topic.name(),
                            topic.id(),
                            topic.internal(),
                            topic.partitions().stream()
                                    .map(each -> each.id() == at.partition()
                                            ? new Partition(each.id(), target.getFirst(), target, target)
                                            : each)
                                    .toList()));
        });
        running.clear();
    }

    private Map<String, TopicListing> listings() {
        Map<String, TopicListing> listings = new HashMap<>();
        cluster.topics.forEach(
                (name, topic) -> listings.put(name, new TopicListing(name, Uuid.ZERO_UUID, topic.internal())));
        return listings;
    }

    private DescribeTopicsResult describe(Collection<String> names) {
        Map<String, KafkaFuture<TopicDescription>> answers = new HashMap<>();
        for (String name : names) {
            Topic topic = cluster.topics.get(name);
            answers.put(
                    name,
                    topic == null
                            ? failed(new UnknownTopicOrPartitionException(name))
                            : KafkaFuture.completedFuture(new TopicDescription(
                                    name,
                                    topic.internal(),
                                    topic.partitions().stream()
                                            .map(TestingReplicas::info)
                                            .toList())));
        }
        return result(DescribeTopicsResult.class, null, answers);
    }

    private static TopicPartitionInfo info(Partition partition) {
        return new TopicPartitionInfo(
                partition.id(),
                partition.offline() ? Node.noNode() : node(partition.leader()),
                partition.replicas().stream().map(TestingReplicas::node).toList(),
                partition.inSync().stream().map(TestingReplicas::node).toList());
    }

    private static Node node(int id) {
        return new Node(id, "kafka-" + id + ".example.net", 9092);
    }

    private Map<Integer, KafkaFuture<Map<String, LogDirDescription>>> disks(Collection<Integer> brokers) {
        Map<Integer, KafkaFuture<Map<String, LogDirDescription>>> disks = new HashMap<>();
        for (int broker : brokers) {
            Map<String, Map<TopicPartition, ReplicaInfo>> byFolder =
                    new HashMap<>(Map.of("/data/1", new HashMap<>(), "/data/2", new HashMap<>()));
            cluster.topics
                    .values()
                    .forEach(topic -> topic.partitions().forEach(partition -> {
                        TopicPartition at = new TopicPartition(topic.name(), partition.id());
                        long size = (partition.id() + 1) * MEGABYTE;
                        PartitionReassignment move = running.get(at);
                        if (partition.replicas().contains(broker)) {
                            byFolder.get("/data/1").put(at, new ReplicaInfo(size, 0, false));
                            String wanted =
                                    folders.get(new TopicPartitionReplica(topic.name(), partition.id(), broker));
                            if ("/data/2".equals(wanted)) {
                                byFolder.get("/data/2").put(at, new ReplicaInfo(size / 2, 10, true));
                            }
                        } else if (move != null && move.addingReplicas().contains(broker)) {
                            byFolder.get("/data/1").put(at, new ReplicaInfo(Math.min(size, copied), 10, false));
                        }
                    }));
            Map<String, LogDirDescription> told = new HashMap<>();
            byFolder.forEach((path, replicas) ->
                    told.put(path, new LogDirDescription(null, replicas, 1000 * MEGABYTE, 400 * MEGABYTE)));
            disks.put(broker, KafkaFuture.completedFuture(told));
        }
        return disks;
    }

    private Map<ConfigResource, KafkaFuture<Config>> read(Collection<ConfigResource> resources) {
        Map<ConfigResource, KafkaFuture<Config>> answers = new HashMap<>();
        for (ConfigResource resource : resources) {
            ConfigSource source = resource.type() == ConfigResource.Type.BROKER
                    ? ConfigSource.DYNAMIC_BROKER_CONFIG
                    : ConfigSource.DYNAMIC_TOPIC_CONFIG;
            answers.put(
                    resource,
                    KafkaFuture.completedFuture(new Config(configs.getOrDefault(resource, Map.of()).entrySet().stream()
                            .map(entry -> new ConfigEntry(
                                    entry.getKey(),
                                    entry.getValue(),
                                    source,
                                    false,
                                    false,
                                    List.of(),
                                    ConfigType.STRING,
                                    ""))
                            .toList())));
        }
        return answers;
    }

    private Map<ConfigResource, KafkaFuture<Void>> alter(Map<ConfigResource, Collection<AlterConfigOp>> changes) {
        Map<ConfigResource, KafkaFuture<Void>> answers = new HashMap<>();
        changes.forEach((resource, operations) -> {
            if (refusals.containsKey("incrementalAlterConfigs")) {
                answers.put(resource, failed(refusals.get("incrementalAlterConfigs")));
                return;
            }
            Map<String, String> own = configs.computeIfAbsent(resource, key -> new ConcurrentHashMap<>());
            for (AlterConfigOp operation : operations) {
                String name = operation.configEntry().name();
                switch (operation.opType()) {
                    case SET -> own.put(name, operation.configEntry().value());
                    case DELETE -> own.remove(name);
                    case APPEND, SUBTRACT -> throw new UnsupportedOperationException(operation.toString());
                }
            }
            answers.put(resource, KafkaFuture.completedFuture(null));
        });
        return answers;
    }

    private Map<TopicPartition, KafkaFuture<Void>> move(
            Map<TopicPartition, Optional<NewPartitionReassignment>> changes) {
        Map<TopicPartition, KafkaFuture<Void>> answers = new HashMap<>();
        changes.forEach((at, change) -> {
            if (refusals.containsKey("alterPartitionReassignments") && change.isPresent()) {
                answers.put(at, failed(refusals.get("alterPartitionReassignments")));
                return;
            }
            if (!cluster.topics.containsKey(at.topic())) {
                answers.put(at, failed(new UnknownTopicOrPartitionException(at.toString())));
                return;
            }
            if (change.isEmpty()) {
                running.remove(at);
            } else {
                List<Integer> now = cluster.topics
                        .get(at.topic())
                        .partitions()
                        .get(at.partition())
                        .replicas();
                List<Integer> target = change.get().targetReplicas();
                Set<Integer> adding = new TreeSet<>(target);
                now.forEach(adding::remove);
                Set<Integer> removing = new TreeSet<>(now);
                target.forEach(removing::remove);
                List<Integer> all = new ArrayList<>(target);
                all.addAll(removing);
                running.put(at, new PartitionReassignment(all, List.copyOf(adding), List.copyOf(removing)));
            }
            answers.put(at, KafkaFuture.completedFuture(null));
        });
        return answers;
    }

    private Map<TopicPartition, Optional<Throwable>> elect(Set<TopicPartition> partitions) {
        Map<TopicPartition, Optional<Throwable>> answers = new HashMap<>();
        for (TopicPartition at : partitions) {
            Partition partition = cluster.topics.get(at.topic()).partitions().get(at.partition());
            boolean right = partition.leader() == partition.replicas().getFirst();
            answers.put(
                    at, right ? Optional.of(new ElectionNotNeededException("It leads already.")) : Optional.empty());
        }
        return answers;
    }

    private Map<TopicPartitionReplica, KafkaFuture<Void>> moveFolders(Map<TopicPartitionReplica, String> wanted) {
        Map<TopicPartitionReplica, KafkaFuture<Void>> answers = new HashMap<>();
        wanted.forEach((replica, folder) -> {
            folders.put(replica, folder);
            answers.put(replica, KafkaFuture.completedFuture(null));
        });
        return answers;
    }

    private static <T> KafkaFuture<T> failed(Exception why) {
        KafkaFutureImpl<T> answer = new KafkaFutureImpl<>();
        answer.completeExceptionally(why);
        return answer;
    }

    /** Kafka's results have no public constructors. */
    private static <T> T result(Class<T> type, Object... parts) {
        try {
            for (Constructor<?> constructor : type.getDeclaredConstructors()) {
                if (constructor.getParameterCount() == parts.length) {
                    constructor.setAccessible(true);
                    return type.cast(constructor.newInstance(parts));
                }
            }
        } catch (ReflectiveOperationException impossible) {
            throw new LinkageError("No " + type, impossible);
        }
        throw new AssertionError("Expected a constructor of " + type);
    }
}
