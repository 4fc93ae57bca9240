package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.metrics.Movement;
import io.ottla.metrics.Moves;
import io.ottla.zookeeper.TestingZooKeeper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real consumers in groups of a real broker. */
final class GroupTest {
    @TempDir
    Path folder;

    @AutoClose
    private final TestingZooKeeper zooKeeper = new TestingZooKeeper();

    private TestingBroker start() throws Exception {
        return new TestingBroker(
                zooKeeper.address(),
                folder.resolve("logs"),
                Map.of(
                        "group.initial.rebalance.delay.ms", "0",
                        "offsets.topic.num.partitions", "4",
                        "offsets.topic.compression.codec", "1"));
    }

    private static KafkaConsumer<byte[], byte[]> member(TestingBroker ottla, String group, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("group.id", group);
        settings.putIfAbsent("enable.auto.commit", "false");
        return ottla.consumer(settings);
    }

    private static void produce(TestingBroker ottla, String topic, int partitions, int count) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = ottla.producer(Map.of())) {
            for (int i = 0; i < count; i++) {
                byte[] value = ("value " + i).getBytes(StandardCharsets.UTF_8);
                producer.send(new ProducerRecord<>(topic, i % partitions, null, value));
            }
            producer.flush();
        }
    }

    private static List<String> poll(KafkaConsumer<byte[], byte[]> consumer, int count) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < 100 && values.size() < count; i++) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(300))) {
                values.add(new String(record.value(), StandardCharsets.UTF_8));
            }
        }
        return values;
    }

    @Test
    void shouldGoOnWhereTheGroupHasCommittedAlsoAfterARestart() throws Exception {
        // given  a group that has read and committed half of what there is
        Set<String> seen = new HashSet<>();
        try (TestingBroker ottla = start()) {
            try (Admin admin = ottla.admin()) {
                admin.createTopics(List.of(new NewTopic("read", 2, (short) 1)))
                        .all()
                        .get();
                produce(ottla, "read", 2, 100);
                try (KafkaConsumer<byte[], byte[]> consumer =
                        member(ottla, "readers", Map.of("max.poll.records", 50))) {
                    consumer.subscribe(List.of("read"));
                    seen.addAll(poll(consumer, 50));
                    consumer.commitSync();
                }
                // then   the topic that keeps that is compacted, and as the settings say
                var topic = new ConfigResource(ConfigResource.Type.TOPIC, "__consumer_offsets");
                var config = admin.describeConfigs(List.of(topic)).all().get().get(topic);
                assertThat(config.get("cleanup.policy").value()).isEqualTo("compact");
                assertThat(config.get("segment.bytes").value()).isEqualTo("104857600");
                assertThat(admin.describeTopics(List.of("__consumer_offsets"))
                                .allTopicNames()
                                .get()
                                .get("__consumer_offsets")
                                .partitions())
                        .hasSize(4);
            }
        }
        // when   the broker starts again
        try (TestingBroker ottla = start();
                KafkaConsumer<byte[], byte[]> consumer = member(ottla, "readers", Map.of())) {
            consumer.subscribe(List.of("read"));
            List<String> rest = poll(consumer, 100 - seen.size());
            // then   the group reads the other half, and nothing twice
            assertThat(rest).hasSize(100 - seen.size()).doesNotContainAnyElementsOf(seen);
            consumer.commitSync();
            TopicPartition partition = new TopicPartition("read", 0);
            assertThat(consumer.committed(Set.of(partition)).get(partition).offset())
                    .isEqualTo(50);
        }
    }

    @Test
    @Moves({
        "kafka_server_group_coordinator_metrics_partition_load_time_avg",
        "kafka_server_group_coordinator_metrics_partition_load_time_max"
    })
    void shouldKeepOffsetsOfWhoIsInNoGroup(Movement movement) throws Exception {
        try (TestingBroker ottla = start();
                Admin admin = ottla.admin();
                KafkaConsumer<byte[], byte[]> consumer = member(ottla, "alone", Map.of())) {
            movement.watch(ottla.metrics());
            // given  somebody who reads partitions of its own choice
            admin.createTopics(List.of(new NewTopic("picked", 3, (short) 1)))
                    .all()
                    .get();
            TopicPartition partition = new TopicPartition("picked", 2);
            consumer.assign(List.of(partition));
            // when   it commits
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(7, "seven")));
            // then   it is kept, and a deletion forgets it
            assertThat(consumer.committed(Set.of(partition)).get(partition))
                    .isEqualTo(new OffsetAndMetadata(7, "seven"));
            assertThat(admin.listConsumerGroupOffsets("alone")
                            .partitionsToOffsetAndMetadata()
                            .get())
                    .containsOnlyKeys(partition);
            admin.deleteConsumerGroups(List.of("alone")).all().get();
            assertThat(admin.listGroups().all().get()).isEmpty();
            assertThat(consumer.committed(Set.of(partition)).get(partition)).isNull();
        }
    }
}
