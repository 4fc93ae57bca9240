package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.LongDeserializer;

/** A topic of {@link ThreeBrokers} whose records are numbers, sent in order; all its partitions have the same replicas. */
public final class ReplicatedTopic {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final String name;
    private final ThreeBrokers brokers;

    private ReplicatedTopic(ThreeBrokers brokers, String name) {
        this.name = name;
        this.brokers = brokers;
    }

    /** A client of its own for each question, which knows nothing of what was before. */
    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", brokers.bootstrap()));
    }

    /** Creates one whose acknowledged records are on two brokers at least, and waits until all replicas are in sync. */
    public static ReplicatedTopic create(ThreeBrokers brokers, String name, int partitions, List<Integer> replicas)
            throws ExecutionException, InterruptedException {
        ReplicatedTopic topic = new ReplicatedTopic(brokers, name);
        Map<Integer, List<Integer>> places = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            places.put(partition, replicas);
        }
        NewTopic wanted = new NewTopic(name, places).configs(Map.of("min.insync.replicas", "2"));
        try (Admin admin = topic.admin()) {
            admin.createTopics(List.of(wanted)).all().get();
        }
        topic.awaitInSync(Set.copyOf(replicas));
        return topic;
    }

    private List<TopicPartitionInfo> describe() throws ExecutionException, InterruptedException {
        try (Admin admin = admin()) {
            return describe(admin);
        }
    }

    private List<TopicPartitionInfo> describe(Admin admin) throws ExecutionException, InterruptedException {
        return admin.describeTopics(List.of(name))
                .allTopicNames()
                .get()
                .get(name)
                .partitions();
    }

    /** Who leads its first partition. */
    public int leader() throws ExecutionException, InterruptedException {
        return describe().getFirst().leader().id();
    }

    public void awaitInSync(Set<Integer> ids) {
        try (Admin admin = admin()) {
            await().atMost(SOON)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(describe(admin))
                            .allSatisfy(partition -> assertThat(partition.isr().stream()
                                            .map(Node::id)
                                            .collect(Collectors.toSet()))
                                    .isEqualTo(ids)));
        }
    }

    /** Deletes all records that it has. */
    public void deleteAll() throws ExecutionException, InterruptedException {
        Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
        for (TopicPartitionInfo partition : describe()) {
            all.put(new TopicPartition(name, partition.partition()), RecordsToDelete.beforeOffset(-1));
        }
        try (Admin admin = admin()) {
            admin.deleteRecords(all).all().get();
        }
    }

    /** Nothing that was acknowledged is missing, and nothing is there twice or out of order. */
    public void assertKept(Collection<Long> acknowledged) throws ExecutionException, InterruptedException {
        Map<TopicPartition, List<Long>> found = read();
        Set<Long> missing = new HashSet<>(acknowledged);
        assertThat(found)
                .allSatisfy(
                        (partition, numbers) -> assertThat(numbers).isSorted().doesNotHaveDuplicates());
        found.values().forEach(missing::removeAll);
        assertThat(missing).isEmpty();
    }

    private Map<TopicPartition, List<Long>> read() throws ExecutionException, InterruptedException {
        Map<TopicPartition, List<Long>> found = new HashMap<>();
        for (TopicPartitionInfo partition : describe()) {
            found.put(new TopicPartition(name, partition.partition()), new ArrayList<>());
        }
        Map<String, Object> settings =
                Map.of("bootstrap.servers", brokers.bootstrap(), "auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new LongDeserializer())) {
            consumer.assign(found.keySet());
            Map<TopicPartition, Long> ends = consumer.endOffsets(found.keySet());
            while (ends.keySet().stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<?, Long> record : consumer.poll(Duration.ofSeconds(1))) {
                    found.get(new TopicPartition(name, record.partition())).add(record.value());
                }
            }
        }
        return found;
    }
}
