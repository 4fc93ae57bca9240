package io.ottla.app.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.app.ThreeBrokers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** What is done with a cluster day by day, whosever brokers it has just then, and what of it has to last. */
final class Life {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final String TOPIC = "kept";
    private static final String GROUP = "readers";
    private static final int RECORDS = 60;

    private final ThreeBrokers cluster;
    private int day;
    private int written;

    Life(ThreeBrokers cluster) {
        this.cluster = cluster;
    }

    /** All of it that has to be the same when other brokers have taken over. */
    record Picture(
            String clusterId,
            SortedMap<String, String> topics,
            SortedMap<String, SortedMap<String, String>> configs,
            SortedMap<String, Long> offsets,
            SortedMap<String, List<String>> records) {}

    /** A day: topics come, grow, move and go, settings change, a broker dies and comes back, records come in and are read. */
    void goOn() throws Exception {
        day++;
        try (Admin admin = admin()) {
            if (day == 1) {
                admin.createTopics(List.of(new NewTopic(
                                        TOPIC, Map.of(0, List.of(1, 2, 3), 1, List.of(2, 3, 1), 2, List.of(3, 1, 2)))
                                .configs(Map.of("min.insync.replicas", "2", "segment.bytes", "1048576"))))
                        .all()
                        .get();
                awaitWhole(admin, TOPIC);
            }
            write();
            assertThat(readOn()).hasSize(RECORDS);
            topicsOf(admin);
            settingsOf(admin);

            cluster.kill(3);
            await().atMost(LONG)
                    .ignoreExceptions()
                    .until(() -> partitions(admin, TOPIC).stream()
                            .allMatch(partition -> ids(partition.isr()).equals(Set.of(1, 2))));
            write();
            cluster.start(3);
            awaitWhole(admin, TOPIC);
            assertThat(readOn()).hasSize(RECORDS);
        }
    }

    private void topicsOf(Admin admin) throws Exception {
        String today = "made-on-day-" + day;
        admin.createTopics(List.of(new NewTopic(today, Map.of(0, List.of(1, 2), 1, List.of(2, 3)))
                        .configs(Map.of("retention.ms", "86400000", "cleanup.policy", "compact,delete"))))
                .all()
                .get();
        awaitWhole(admin, today);
        admin.createPartitions(Map.of(today, NewPartitions.increaseTo(3, List.of(List.of(3, 1)))))
                .all()
                .get();
        admin.alterPartitionReassignments(Map.of(
                        new TopicPartition(today, 0), Optional.of(new NewPartitionReassignment(List.of(3, 1, 2)))))
                .all()
                .get();
        await().atMost(LONG)
                .ignoreExceptions()
                .until(() ->
                        admin.listPartitionReassignments().reassignments().get().isEmpty()
                                && ids(partitions(admin, today).getFirst().isr())
                                        .equals(Set.of(1, 2, 3)));
        if (day > 2) {
            admin.deleteTopics(List.of("made-on-day-" + (day - 2))).all().get();
        }
    }

    private void settingsOf(Admin admin) throws Exception {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "made-on-day-" + day);
        ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "2");
        ConfigResource all = new ConfigResource(ConfigResource.Type.BROKER, "");
        admin.incrementalAlterConfigs(Map.of(
                        topic,
                        List.of(set("max.message.bytes", 100_000 + day), unset("retention.ms")),
                        broker,
                        List.of(set("num.io.threads", 4 + day)),
                        all,
                        List.of(set("log.retention.ms", 900_000_000 + day))))
                .all()
                .get();
    }

    private static AlterConfigOp set(String name, int value) {
        return new AlterConfigOp(new ConfigEntry(name, Integer.toString(value)), AlterConfigOp.OpType.SET);
    }

    private static AlterConfigOp unset(String name) {
        return new AlterConfigOp(new ConfigEntry(name, ""), AlterConfigOp.OpType.DELETE);
    }

    private void write() {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", cluster.alive(), "acks", "all", "client.id", "writer");
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>(TOPIC, i % 3, "key", "value " + written++));
            }
            producer.flush();
        }
    }

    /** What the group has not read yet: it goes on where it was. */
    private Set<String> readOn() {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                cluster.alive(),
                "group.id",
                GROUP,
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                "false");
        Set<String> read = new TreeSet<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(TOPIC));
            await().atMost(LONG).until(() -> {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    assertThat(read.add(record.value())).isTrue();
                }
                return read.size() >= RECORDS;
            });
            consumer.commitSync();
        }
        return read;
    }

    Picture picture() throws Exception {
        try (Admin admin = admin()) {
            SortedMap<String, String> topics = new TreeMap<>();
            List<ConfigResource> resources = new ArrayList<>(List.of(
                    new ConfigResource(ConfigResource.Type.BROKER, "2"),
                    new ConfigResource(ConfigResource.Type.BROKER, "")));
            Set<String> names = admin.listTopics(new ListTopicsOptions().listInternal(true))
                    .names()
                    .get();
            for (TopicDescription topic :
                    admin.describeTopics(names).allTopicNames().get().values()) {
                StringBuilder text = new StringBuilder(topic.topicId().toString());
                topic.partitions()
                        .forEach(partition -> text.append(' ')
                                .append(partition.replicas().stream()
                                        .map(Node::id)
                                        .toList()));
                topics.put(topic.name(), text.toString());
                resources.add(new ConfigResource(ConfigResource.Type.TOPIC, topic.name()));
            }
            SortedMap<String, SortedMap<String, String>> configs = new TreeMap<>();
            for (Map.Entry<ConfigResource, Config> each :
                    admin.describeConfigs(resources).all().get().entrySet()) {
                SortedMap<String, String> set = new TreeMap<>();
                for (ConfigEntry entry : each.getValue().entries()) {
                    switch (entry.source()) {
                        case DYNAMIC_TOPIC_CONFIG, DYNAMIC_BROKER_CONFIG, DYNAMIC_DEFAULT_BROKER_CONFIG ->
                            set.put(entry.name(), entry.value() + " " + entry.source());
                        default -> {}
                    }
                }
                configs.put(each.getKey().toString(), set);
            }
            SortedMap<String, Long> offsets = new TreeMap<>();
            admin.listConsumerGroupOffsets(GROUP)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .forEach((partition, offset) -> offsets.put(partition.toString(), offset.offset()));
            return new Picture(admin.describeCluster().clusterId().get(), topics, configs, offsets, records());
        }
    }

    private SortedMap<String, List<String>> records() {
        Map<String, Object> settings = Map.of("bootstrap.servers", cluster.alive());
        SortedMap<String, List<String>> records = new TreeMap<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            Set<TopicPartition> all = new HashSet<>();
            for (int number = 0; number < 3; number++) {
                all.add(new TopicPartition(TOPIC, number));
            }
            all.forEach(partition -> records.put(partition.toString(), new ArrayList<>()));
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            await().atMost(LONG).until(() -> {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    records.get(new TopicPartition(TOPIC, record.partition()).toString())
                            .add(record.offset() + " " + record.timestamp() + " " + record.key() + " "
                                    + record.value());
                }
                return all.stream().allMatch(partition -> consumer.position(partition) >= ends.get(partition));
            });
        }
        assertThat(records.values().stream().mapToInt(List::size).sum()).isEqualTo(written);
        return records;
    }

    /** Waits until all replicas of all topics are in sync. */
    void awaitWhole() throws Exception {
        try (Admin admin = admin()) {
            for (String topic : admin.listTopics(new ListTopicsOptions().listInternal(true))
                    .names()
                    .get()) {
                awaitWhole(admin, topic);
            }
        }
    }

    private static void awaitWhole(Admin admin, String topic) {
        await().atMost(LONG)
                .ignoreExceptions()
                .until(() -> partitions(admin, topic).stream()
                        .allMatch(partition -> partition.leader() != null
                                && ids(partition.isr()).equals(ids(partition.replicas()))));
    }

    private static List<TopicPartitionInfo> partitions(Admin admin, String topic) throws Exception {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get()
                .get(topic)
                .partitions();
    }

    private static Set<Integer> ids(Collection<Node> nodes) {
        Set<Integer> ids = new TreeSet<>();
        nodes.forEach(node -> ids.add(node.id()));
        return ids;
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", cluster.alive()));
    }
}
