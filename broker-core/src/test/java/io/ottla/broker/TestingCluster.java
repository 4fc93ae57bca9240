package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.zookeeper.TestingZooKeeper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Some real brokers in this process, ids from 1 on, beside one real ZooKeeper, and real clients for them. */
final class TestingCluster implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(30);

    private final TestingZooKeeper zooKeeper = new TestingZooKeeper();
    private final Path folder;
    private final Map<String, String> settings;
    private final Map<Integer, TestingBroker> brokers = new TreeMap<>();

    /** @param more settings of all of them */
    TestingCluster(Path folder, int size, Map<String, String> more) throws Exception {
        this.folder = folder;
        this.settings = new HashMap<>(more);
        for (int id = 1; id <= size; id++) {
            start(id, Map.of());
        }
    }

    TestingZooKeeper zooKeeper() {
        return zooKeeper;
    }

    /** @param more settings of this one */
    void start(int id, Map<String, String> more) throws Exception {
        Map<String, String> all = new HashMap<>(settings);
        all.put("broker.id", Integer.toString(id));
        all.putAll(more);
        brokers.put(id, new TestingBroker(zooKeeper.address(), folder(id), all));
    }

    Path folder(int id) {
        return folder.resolve("broker-" + id);
    }

    TestingBroker broker(int id) {
        return brokers.get(id);
    }

    void stop(int id) {
        brokers.remove(id).close();
    }

    String bootstrap() {
        return brokers.values().stream().map(TestingBroker::bootstrap).collect(Collectors.joining(","));
    }

    Admin admin() {
        return Admin.create(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap()));
    }

    KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        return new KafkaProducer<>(clients(more), new ByteArraySerializer(), new ByteArraySerializer());
    }

    KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> more) {
        Map<String, Object> all = clients(more);
        all.putIfAbsent("auto.offset.reset", "earliest");
        return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private Map<String, Object> clients(Map<String, Object> more) {
        Map<String, Object> all = new HashMap<>(more);
        all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap());
        return all;
    }

    /** A topic whose partitions have these replicas, the first of each leading. */
    void create(Admin admin, String topic, Map<Integer, List<Integer>> replicas, Map<String, String> configs)
            throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, replicas).configs(configs)))
                .all()
                .get();
    }

    static TopicPartitionInfo describe(Admin admin, String topic, int partition) throws Exception {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get()
                .get(topic)
                .partitions()
                .get(partition);
    }

    static Set<Integer> inSync(Admin admin, String topic, int partition) throws Exception {
        return describe(admin, topic, partition).isr().stream().map(Node::id).collect(Collectors.toSet());
    }

    static void awaitInSync(Admin admin, String topic, Set<Integer> ids) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(inSync(admin, topic, 0)).isEqualTo(ids));
    }

    @Override
    public void close() {
        new ArrayList<>(brokers.keySet()).forEach(this::stop);
        zooKeeper.close();
    }
}
