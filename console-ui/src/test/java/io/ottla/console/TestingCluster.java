package io.ottla.console;

import io.ottla.console.clusters.BorrowedConsumer;
import io.ottla.console.clusters.BrokerDisks;
import io.ottla.console.clusters.BrokerLoad;
import io.ottla.console.clusters.Cluster;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ClusterPicture;
import io.ottla.console.clusters.Extent;
import io.ottla.console.clusters.Failures;
import io.ottla.console.clusters.Fetching;
import io.ottla.console.clusters.LogFolder;
import io.ottla.console.clusters.Partition;
import io.ottla.console.clusters.Setting;
import io.ottla.console.clusters.Spread;
import io.ottla.console.clusters.Survey;
import io.ottla.console.clusters.Topic;
import io.ottla.console.clusters.TopicSummary;
import io.ottla.console.clusters.Written;
import io.ottla.console.words.Wording;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;

/** A cluster of three brokers in memory, two of them in racks. */
public final class TestingCluster implements Cluster {
    public static final String ID = "kVz4cHXvT2uXh0mTq2bLTA";

    private static final long GIB = 1L << 30;

    public final Map<String, Topic> topics = new ConcurrentSkipListMap<>();
    public final Map<String, Map<String, String>> settings = new ConcurrentSkipListMap<>();

    public final TestingRecords records = new TestingRecords();
    public final TestingSecurity security = new TestingSecurity();
    public final TestingReplicas replicas = new TestingReplicas(this);

    /** Thrown by every call while it is set. */
    public volatile RuntimeException failure;

    public volatile String firstHost = "kafka-1.example.net";

    /** Of the three brokers; they keep their replicas. */
    public final Set<Integer> down = ConcurrentHashMap.newKeySet();

    /** Adds a topic on all three brokers, of which the last is behind in partition 1. */
    public TestingCluster with(String name, int partitions) {
        List<Partition> made = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            List<Integer> replicas = List.of(1 + i % 3, 1 + (i + 1) % 3, 1 + (i + 2) % 3);
            made.add(new Partition(i, replicas.getFirst(), replicas, i == 1 ? replicas.subList(0, 2) : replicas));
        }
        topics.put(name, new Topic(name, "cUxWLtWGTZyV1kH3nN" + partitions, name.startsWith("__"), made));
        return this;
    }

    @Override
    public ClusterPicture describe() {
        check();
        return new ClusterPicture(
                ID,
                OptionalInt.of(2),
                Stream.of(
                                new ClusterPicture.Broker(1, firstHost, 9092, "eu-west-1a"),
                                new ClusterPicture.Broker(2, "kafka-2.example.net", 9092, "eu-west-1b"),
                                new ClusterPicture.Broker(3, "kafka-3.example.net", 9092, ""))
                        .filter(broker -> !down.contains(broker.id()))
                        .toList());
    }

    @Override
    public Survey survey() {
        check();
        Map<Integer, BrokerLoad> loads = new HashMap<>();
        for (Topic topic : topics.values()) {
            for (Partition partition : topic.partitions()) {
                for (int broker : partition.replicas()) {
                    BrokerLoad load = loads.getOrDefault(broker, BrokerLoad.NONE);
                    loads.put(
                            broker,
                            new BrokerLoad(
                                    load.leaders() + (partition.leader() == broker ? 1 : 0),
                                    load.replicas() + 1,
                                    load.outOfSync() + (partition.inSync().contains(broker) ? 0 : 1)));
                }
            }
        }
        List<LogFolder> folders = List.of(
                new LogFolder(1, "/var/lib/ottla/data-1", 500 * GIB, 310 * GIB, 41, 172 * GIB, ""),
                new LogFolder(1, "/var/lib/ottla/data-2", 500 * GIB, 100 * GIB, 38, 390 * GIB, ""),
                new LogFolder(2, "/var/lib/ottla/data-1", 500 * GIB, 22 * GIB, 80, 470 * GIB, ""),
                new LogFolder(3, "/var/lib/ottla/data-1", -1, -1, 0, 0, "No space left on device"));
        List<TopicSummary> summaries = topics.values().stream()
                .map(topic -> topic.summary()
                        .withBytes(size(topic))
                        .withSpread(Spread.of(List.of(topic), java.util.Set.of(1, 2, 3))
                                .percents()))
                .toList();
        return new Survey(Instant.EPOCH, describe(), folders, loads, summaries, List.of());
    }

    @Override
    public Survey glance() {
        return survey();
    }

    @Override
    public Map<Integer, BrokerDisks> disks(Collection<Integer> brokers, Duration patience) {
        Map<Integer, BrokerDisks> disks = new TreeMap<>();
        admin().describeLogDirs(brokers)
                .descriptions()
                .forEach((broker, told) -> disks.put(
                        broker,
                        new BrokerDisks(
                                broker, Instant.EPOCH, await(told, Wording.of("doing.folders")), Optional.empty())));
        return disks;
    }

    @Override
    public List<String> topicNames() {
        check();
        return List.copyOf(topics.keySet());
    }

    private static long size(Topic topic) {
        return topic.name().length() * 31L * topic.partitions().size() * 123_457L;
    }

    @Override
    public List<TopicSummary> topics() {
        check();
        return topics.values().stream().map(Topic::summary).toList();
    }

    @Override
    public Topic topic(String name) {
        check();
        Topic topic = topics.get(name);
        if (topic == null) {
            throw new ClusterFailure(ClusterFailure.Kind.NO_SUCH_TOPIC, Wording.of("failure.no-topic"));
        }
        return topic;
    }

    @Override
    public Map<Integer, Extent> extents(Topic topic, List<Partition> partitions) {
        check();
        Map<Integer, Extent> extents = new HashMap<>();
        partitions.forEach(partition -> extents.put(
                partition.id(),
                partition.offline()
                        ? Extent.UNKNOWN
                        : new Extent(
                                100L * partition.id(),
                                1_234_567L + partition.id(),
                                (partition.id() + 1) * 7_654_321L)));
        return extents;
    }

    @Override
    public List<Setting> settings(String topic) {
        check();
        List<Setting> all = new ArrayList<>();
        Map<String, String> own = settings.getOrDefault(topic, Map.of());
        own.forEach((name, value) -> all.add(setting(name, value, ConfigSource.DYNAMIC_TOPIC_CONFIG, "", true, false)));
        all.add(setting("max.message.bytes", "1048588", ConfigSource.DEFAULT_CONFIG, "1048588", false, false));
        all.add(setting("min.insync.replicas", "2", ConfigSource.STATIC_BROKER_CONFIG, "1", false, false));
        all.add(setting("secret", "", ConfigSource.STATIC_BROKER_CONFIG, "", false, true));
        return all;
    }

    @Override
    public Map<String, List<Setting>> settingsOfTopics(Collection<String> names) {
        Map<String, List<Setting>> all = new TreeMap<>();
        names.forEach(name -> all.put(name, settings(name)));
        return all;
    }

    @Override
    public List<Setting> allBrokersSettings() {
        check();
        return List.of(
                setting("min.insync.replicas", "2", ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG, "", true, false));
    }

    @Override
    public List<Setting> brokerSettings(int broker) {
        check();
        return List.of(
                setting("broker.id", Integer.toString(broker), ConfigSource.STATIC_BROKER_CONFIG, "-1", true, false),
                setting(
                        "listeners",
                        "CLIENT://:9092,REPLICATION://:9091",
                        ConfigSource.STATIC_BROKER_CONFIG,
                        "",
                        true,
                        false),
                setting("min.insync.replicas", "1", ConfigSource.DEFAULT_CONFIG, "1", false, false),
                setting("log.retention.hours", "168", ConfigSource.DEFAULT_CONFIG, "168", false, false),
                setting("ssl.key.password", "", ConfigSource.STATIC_BROKER_CONFIG, "", true, true));
    }

    @Override
    public Map<Integer, List<Setting>> settingsOfBrokers(Collection<Integer> brokers) {
        Map<Integer, List<Setting>> all = new TreeMap<>();
        brokers.forEach(broker -> all.put(broker, brokerSettings(broker)));
        return all;
    }

    private static Setting setting(
            String name, String value, ConfigSource source, String standard, boolean changed, boolean sensitive) {
        return new Setting(name, value, source, standard, changed, sensitive, false, "STRING", "", List.of());
    }

    @Override
    public Admin admin() {
        check();
        return new TestingAdmin(this).admin();
    }

    @Override
    public <T> T await(KafkaFuture<T> answer, Wording doing) {
        return new Failures(Duration.ofSeconds(10)).await(answer, doing);
    }

    @Override
    public <T> T connect(Map<String, Object> own, Function<Map<String, Object>, T> client) {
        throw new UnsupportedOperationException("Expected nobody to read or write records of a cluster in memory");
    }

    @Override
    public BorrowedConsumer consumer(Fetching wanted) {
        check();
        return records.consumer();
    }

    @Override
    public List<Written> write(List<ProducerRecord<byte[], byte[]>> written) {
        check();
        return written.stream().map(records::write).toList();
    }

    @Override
    public void changed() {}

    private void check() {
        if (failure != null) {
            throw failure;
        }
    }
}
