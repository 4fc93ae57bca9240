package io.ottla.console;

import io.ottla.console.clusters.Cluster;
import io.ottla.console.clusters.KafkaCluster;
import io.ottla.console.clusters.Partition;
import io.ottla.console.clusters.Reach;
import io.ottla.console.clusters.Topic;
import io.ottla.console.groups.TestingGroups;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ClusterAnswers;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TopicListing;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;

/**
 * The console's own {@link KafkaCluster} over an Admin client in memory that takes its time, and counts what it is asked. As
 * Kafka's each client answers on one thread: each request costs 5 ms, of which those to different brokers run at once and those for
 * pages of 2,000 partitions one after the other (KIP-966), and then a microsecond for each partition, replica or setting in
 * the answer.
 */
final class TestingLargeCluster implements AutoCloseable {
    static final int BROKERS = 12;

    private static final int REQUEST_MS = 5;
    private static final long ITEM_NANOS = 1_000;
    private static final int PARTITIONS_OF_AN_ANSWER = 2_000;
    private static final int REPLICAS = 3;

    final TestingCluster held = new TestingCluster();
    final TestingGroups groups = new TestingGroups(held);
    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final Queue<ScheduledExecutorService> wires = new ConcurrentLinkedQueue<>();
    private final Admin quick = groups.cluster().admin();
    private final List<Node> nodes = IntStream.rangeClosed(1, BROKERS)
            .mapToObj(id -> new Node(id, "kafka-" + id + ".example.net", 9092, "rack-" + id % REPLICAS))
            .toList();
    private final Config ofTopic = config("topic.setting.", 35);
    private final Config ofBroker = config("broker.setting.", 250);
    private final Map<Integer, List<TopicPartition>> disks = new HashMap<>();
    private volatile Instant now = Instant.EPOCH;
    private volatile KafkaCluster cluster;

    TestingLargeCluster(int topics, int partitions) {
        for (int i = 0; i < topics; i++) {
            Topic topic = made(topic(i), i, partitions);
            held.topics.put(topic.name(), topic);
            topic.partitions()
                    .forEach(partition -> partition
                            .replicas()
                            .forEach(broker -> disks.computeIfAbsent(broker, none -> new ArrayList<>())
                                    .add(new TopicPartition(topic.name(), partition.id()))));
        }
        forget();
    }

    static String topic(int number) {
        return String.format("topic-%05d", number);
    }

    private static Topic made(String name, int at, int partitions) {
        List<Partition> made = new ArrayList<>();
        for (int id = 0; id < partitions; id++) {
            int first = at * partitions + id;
            List<Integer> replicas = IntStream.range(0, REPLICAS)
                    .mapToObj(next -> 1 + (first + next) % BROKERS)
                    .toList();
            made.add(new Partition(
                    id, replicas.getFirst(), replicas, first % 997 == 0 ? replicas.subList(0, 2) : replicas));
        }
        return new Topic(name, Uuid.randomUuid().toString(), false, made);
    }

    private static Config config(String prefix, int settings) {
        return new Config(IntStream.range(0, settings)
                .mapToObj(i -> new ConfigEntry(
                        prefix + i,
                        Integer.toString(i),
                        ConfigEntry.ConfigSource.DEFAULT_CONFIG,
                        false,
                        false,
                        List.of(),
                        ConfigEntry.ConfigType.LONG,
                        "What this is good for. ".repeat(8)))
                .toList());
    }

    /** As a console has it: nothing is known of it that is not asked. */
    Cluster cluster() {
        return (Cluster) Proxy.newProxyInstance(
                TestingLargeCluster.class.getClassLoader(),
                new Class<?>[] {Cluster.class},
                (proxy, method, arguments) -> {
                    boolean ofRecords = method.getName().equals("consumer")
                            || method.getName().equals("write");
                    try {
                        return method.invoke(ofRecords ? held : cluster, arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
    }

    /** As after a start: what is known of the cluster is forgotten. */
    void forget() {
        if (cluster != null) {
            cluster.close();
        }
        cluster = new KafkaCluster(
                () -> Reach.open("127.0.0.1:1"),
                Duration.ofSeconds(10),
                () -> now,
                Optional.empty(),
                () -> false,
                settings -> slow());
    }

    /** As if nobody had looked for so long. */
    void pass(Duration time) {
        now = now.plus(time);
    }

    /** How often each question was asked. */
    Map<String, Integer> calls() {
        Map<String, Integer> told = new TreeMap<>();
        calls.forEach((question, times) -> told.put(question, times.get()));
        return told;
    }

    void clear() {
        calls.clear();
    }

    /** Whether nothing that was asked is still to be answered. */
    boolean idle() {
        return underWay.get() == 0;
    }

    private Admin slow() {
        ScheduledExecutorService wire = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("testing-admin").factory());
        wires.add(wire);
        return (Admin) Proxy.newProxyInstance(
                TestingLargeCluster.class.getClassLoader(),
                new Class<?>[] {Admin.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        wire.shutdownNow();
                        return null;
                    }
                    if (!isAboutAbilities(method.getName(), arguments)) {
                        calls.computeIfAbsent(method.getName(), none -> new AtomicInteger())
                                .incrementAndGet();
                    }
                    Object answer = answer(wire, method.getName(), arguments);
                    if (answer != null) {
                        return answer;
                    }
                    // What is not answered above answers at once: so the caller takes the time.
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(REQUEST_MS));
                    try {
                        return method.invoke(quick, arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
    }

    /** What the console asks once in five minutes, beside whatever page is looked at then. */
    private static boolean isAboutAbilities(String method, Object[] arguments) {
        return switch (method) {
            case "describeAcls", "describeClientQuotas", "describeUserScramCredentials", "listTransactions" -> {
                String asked = Arrays.deepToString(arguments);
                yield asked.contains("ottla-console-asks-what-there-is")
                        || asked.contains(Long.toString(Long.MAX_VALUE));
            }
            default -> false;
        };
    }

    @SuppressWarnings("unchecked")
    private Object answer(ScheduledExecutorService wire, String method, Object[] arguments) {
        return switch (method) {
            case "describeCluster" ->
                ClusterAnswers.cluster(
                        later(wire, 1, BROKERS, () -> nodes),
                        later(wire, 1, 1, nodes::getFirst),
                        later(wire, 1, 1, () -> TestingCluster.ID));
            case "listTopics" -> ClusterAnswers.listed(later(wire, 1, held.topics.size(), this::listings));
            case "describeTopics" -> describe(wire, (Collection<String>) arguments[0]);
            case "describeLogDirs" -> {
                Map<Integer, KafkaFuture<Map<String, LogDirDescription>>> told = new HashMap<>();
                ((Collection<Integer>) arguments[0])
                        .forEach(broker -> told.put(
                                broker, later(wire, 1, disks.get(broker).size(), () -> disk(broker))));
                yield ClusterAnswers.disks(told);
            }
            case "describeConfigs" -> {
                Map<ConfigResource, KafkaFuture<Config>> configs = new HashMap<>();
                ((Collection<ConfigResource>) arguments[0]).forEach(resource -> {
                    Config config = resource.type() == ConfigResource.Type.TOPIC ? ofTopic : ofBroker;
                    configs.put(resource, later(wire, 1, config.entries().size(), () -> config));
                });
                yield ClusterAnswers.configs(configs);
            }
            default -> null;
        };
    }

    private Map<String, TopicListing> listings() {
        Map<String, TopicListing> listings = new HashMap<>();
        held.topics.forEach((name, topic) ->
                listings.put(name, new TopicListing(name, Uuid.fromString(topic.id()), topic.internal())));
        return listings;
    }

    private DescribeTopicsResult describe(ScheduledExecutorService wire, Collection<String> names) {
        int partitions = names.stream()
                .mapToInt(name -> held.topics.containsKey(name)
                        ? held.topics.get(name).partitions().size()
                        : 0)
                .sum();
        Map<String, KafkaFutureImpl<TopicDescription>> answers = new HashMap<>();
        names.forEach(name -> answers.put(name, new KafkaFutureImpl<>()));
        later(wire, Math.ceilDiv(partitions + 1, PARTITIONS_OF_AN_ANSWER), partitions, () -> {
            answers.forEach((name, answer) -> {
                Topic topic = held.topics.get(name);
                if (topic == null) {
                    answer.completeExceptionally(new UnknownTopicOrPartitionException(name));
                } else {
                    answer.complete(new TopicDescription(
                            name,
                            topic.internal(),
                            topic.partitions().stream().map(this::info).toList()));
                }
            });
            return names.size();
        });
        return ClusterAnswers.described(new HashMap<>(answers));
    }

    private TopicPartitionInfo info(Partition partition) {
        return new TopicPartitionInfo(
                partition.id(),
                node(partition.leader()),
                partition.replicas().stream().map(this::node).toList(),
                partition.inSync().stream().map(this::node).toList());
    }

    private Node node(int id) {
        return nodes.get(id - 1);
    }

    /** As it comes off the wire: nothing in it is shared with another answer. */
    private Map<String, LogDirDescription> disk(int broker) {
        List<TopicPartition> own = disks.get(broker);
        Map<TopicPartition, ReplicaInfo> replicas = HashMap.newHashMap(own.size());
        String name = "";
        for (TopicPartition at : own) {
            name = name.equals(at.topic()) ? name : new String(at.topic().toCharArray());
            replicas.put(
                    new TopicPartition(name, at.partition()),
                    new ReplicaInfo(1_000_000L * (1 + at.partition()), 0, false));
        }
        return Map.of("/var/lib/ottla", new LogDirDescription(null, replicas, 1L << 42, 1L << 41));
    }

    /** @param requests one after the other */
    private <T> KafkaFuture<T> later(ScheduledExecutorService wire, int requests, long items, Supplier<T> made) {
        KafkaFutureImpl<T> answer = new KafkaFutureImpl<>();
        underWay.incrementAndGet();
        wire.schedule(
                () -> {
                    try {
                        T value = made.get();
                        LockSupport.parkNanos(items * ITEM_NANOS);
                        answer.complete(value);
                    } catch (RuntimeException unexpected) {
                        answer.completeExceptionally(unexpected);
                    } finally {
                        underWay.decrementAndGet();
                    }
                },
                (long) requests * REQUEST_MS,
                TimeUnit.MILLISECONDS);
        return answer;
    }

    @Override
    public void close() {
        wires.forEach(ScheduledExecutorService::shutdownNow);
    }
}
