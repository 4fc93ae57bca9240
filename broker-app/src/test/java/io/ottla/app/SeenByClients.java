package io.ottla.app;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** What Kafka's own clients see of a cluster, and do to it. */
final class SeenByClients implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final String bootstrap;
    private final Admin admin;

    SeenByClients(String bootstrap) {
        this.bootstrap = bootstrap;
        admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
    }

    Admin admin() {
        return admin;
    }

    Set<String> topics() throws ExecutionException, InterruptedException {
        return admin.listTopics().names().get();
    }

    TopicDescription topic(String name) throws ExecutionException, InterruptedException {
        return admin.describeTopics(List.of(name)).allTopicNames().get().get(name);
    }

    /** What is set for a topic itself. */
    Map<String, String> settings(String topic) throws ExecutionException, InterruptedException {
        return entries(new ConfigResource(ConfigResource.Type.TOPIC, topic)).stream()
                .filter(entry -> entry.source() == ConfigSource.DYNAMIC_TOPIC_CONFIG)
                .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
    }

    ConfigEntry setting(int broker, String name) throws ExecutionException, InterruptedException {
        return find(new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(broker)), name)
                .orElseThrow();
    }

    String level(int broker, String logger) throws ExecutionException, InterruptedException {
        return find(new ConfigResource(ConfigResource.Type.BROKER_LOGGER, Integer.toString(broker)), logger)
                .map(ConfigEntry::value)
                .orElse("");
    }

    private Optional<ConfigEntry> find(ConfigResource resource, String name)
            throws ExecutionException, InterruptedException {
        return entries(resource).stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst();
    }

    private Collection<ConfigEntry> entries(ConfigResource resource) throws ExecutionException, InterruptedException {
        return admin.describeConfigs(List.of(resource))
                .all()
                .get()
                .get(resource)
                .entries();
    }

    void produce(String topic, int partition, int count) throws ExecutionException, InterruptedException {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "acks", "all"),
                new StringSerializer(),
                new StringSerializer())) {
            for (int i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>(topic, partition, "key-" + i, "value-" + i))
                        .get();
            }
        }
    }

    List<ConsumerRecord<String, String>> consume(String topic, int count)
            throws ExecutionException, InterruptedException {
        try (KafkaConsumer<String, String> consumer = consumer()) {
            consumer.assign(partitions(topic));
            consumer.seekToBeginning(consumer.assignment());
            List<ConsumerRecord<String, String>> read = new ArrayList<>();
            await().atMost(SOON).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(read::add);
                return read.size() >= count;
            });
            return read;
        }
    }

    /** The first offset that is there, of each partition. */
    List<Long> firsts(String topic) throws ExecutionException, InterruptedException {
        try (KafkaConsumer<String, String> consumer = consumer()) {
            return inOrder(consumer.beginningOffsets(partitions(topic)));
        }
    }

    List<Long> ends(String topic) throws ExecutionException, InterruptedException {
        try (KafkaConsumer<String, String> consumer = consumer()) {
            return inOrder(consumer.endOffsets(partitions(topic)));
        }
    }

    private static List<Long> inOrder(Map<TopicPartition, Long> offsets) {
        Map<Integer, Long> sorted = new TreeMap<>();
        offsets.forEach((partition, offset) -> sorted.put(partition.partition(), offset));
        return List.copyOf(sorted.values());
    }

    private KafkaConsumer<String, String> consumer() {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "enable.auto.commit", "false"),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private List<TopicPartition> partitions(String topic) throws ExecutionException, InterruptedException {
        return topic(topic).partitions().stream()
                .map(each -> new TopicPartition(topic, each.partition()))
                .toList();
    }

    /** Makes the last replica of each partition the first one, while the leader stays. */
    void turnReplicas(String topic) throws ExecutionException, InterruptedException {
        Map<TopicPartition, Optional<NewPartitionReassignment>> turned = new HashMap<>();
        for (TopicPartitionInfo each : topic(topic).partitions()) {
            List<Integer> replicas =
                    each.replicas().stream().map(node -> node.id()).toList();
            turned.put(
                    new TopicPartition(topic, each.partition()),
                    Optional.of(new NewPartitionReassignment(replicas.reversed())));
        }
        admin.alterPartitionReassignments(turned).all().get();
    }

    /** How many partitions another one than their first replica leads. */
    long misled(String topic) throws ExecutionException, InterruptedException {
        return topic(topic).partitions().stream()
                .filter(each -> each.leader().id() != each.replicas().getFirst().id())
                .count();
    }

    Map<TopicPartition, Long> committed(String group) throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> committed = new HashMap<>();
        admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get()
                .forEach((partition, offset) -> committed.put(partition, offset.offset()));
        return committed;
    }

    Set<String> groups() throws ExecutionException, InterruptedException {
        return admin.listGroups().all().get().stream()
                .map(GroupListing::groupId)
                .collect(Collectors.toSet());
    }

    @Override
    public void close() {
        admin.close();
    }
}
