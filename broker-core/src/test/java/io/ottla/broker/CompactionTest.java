package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.zookeeper.TestingZooKeeper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real clients write to, and read, topics while they are compacted. */
final class CompactionTest {
    private static final int KEYS = 40;
    private static final int RECORDS = 4_000;
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

    @TempDir
    Path folder;

    @AutoClose
    private final TestingZooKeeper zooKeeper = new TestingZooKeeper();

    private TestingBroker start() throws Exception {
        return new TestingBroker(
                zooKeeper.address(),
                folder.resolve("logs"),
                Map.of(
                        "log.cleaner.backoff.ms", "20",
                        "log.cleaner.min.cleanable.ratio", "0.01",
                        "log.segment.delete.delay.ms", "100",
                        "group.initial.rebalance.delay.ms", "0",
                        "offsets.topic.num.partitions", "1",
                        "offsets.topic.segment.bytes", "4000"));
    }

    private static void create(Admin admin) throws Exception {
        admin.createTopics(List.of(new NewTopic(ORDERS.topic(), 1, (short) 1)
                        .configs(Map.of("cleanup.policy", "compact", "segment.bytes", "8000"))))
                .all()
                .get();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private long cleanedTo(TopicPartition partition) throws IOException {
        Path checkpoint = folder.resolve("logs/cleaner-offset-checkpoint");
        for (String line : Files.readAllLines(checkpoint)) {
            if (line.startsWith(partition.topic() + " " + partition.partition() + " ")) {
                return Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
            }
        }
        return -1;
    }

    private long bytesOf(TopicPartition partition) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("logs").resolve(partition.toString()))) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    /** Reads on to the end; offsets must ascend. */
    private static List<ConsumerRecord<byte[], byte[]>> read(KafkaConsumer<byte[], byte[]> consumer, long end) {
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        long last = consumer.position(ORDERS) - 1;
        for (int polls = 0; consumer.position(ORDERS) < end; polls++) {
            assertThat(polls).isLessThan(300);
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                assertThat(record.offset()).isGreaterThan(last);
                last = record.offset();
                all.add(record);
            }
        }
        return all;
    }

    private static Map<String, String> state(List<ConsumerRecord<byte[], byte[]>> records) {
        Map<String, String> state = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (record.value() == null) {
                state.remove(text(record.key()));
            } else {
                state.put(text(record.key()), text(record.value()));
            }
        }
        return state;
    }

    @Test
    void shouldServeConsumersWhileItCompactsWhatProducersWrite() throws Exception {
        try (TestingBroker ottla = start();
                Admin admin = ottla.admin();
                KafkaProducer<byte[], byte[]> producer = ottla.producer(Map.of("linger.ms", 1, "batch.size", 2_000));
                KafkaConsumer<byte[], byte[]> early = ottla.consumer(Map.of());
                KafkaConsumer<byte[], byte[]> late = ottla.consumer(Map.of("max.partition.fetch.bytes", 2_000))) {
            create(admin);
            early.assign(List.of(ORDERS));
            late.assign(List.of(ORDERS));
            Map<String, String> expected = new TreeMap<>();
            Map<String, String> followed = new TreeMap<>();
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            // when  values are written over and over, by a consumer who follows and one who begins anew each time
            for (int i = 0; i < RECORDS; i++) {
                String key = "key " + i % KEYS;
                String value = i % 13 == 0 ? null : "value " + i;
                expected.put(key, value);
                sent.add(producer.send(
                        new ProducerRecord<>(ORDERS.topic(), bytes(key), value == null ? null : bytes(value))));
                if (i % 500 == 499) {
                    producer.flush();
                    for (Future<RecordMetadata> each : sent) {
                        each.get();
                    }
                    read(early, i + 1)
                            .forEach(record -> followed.put(
                                    text(record.key()), record.value() == null ? null : text(record.value())));
                    late.seekToBeginning(List.of(ORDERS));
                    Map<String, String> now = new TreeMap<>(expected);
                    now.values().removeIf(java.util.Objects::isNull);
                    assertThat(state(read(late, i + 1))).isEqualTo(now);
                }
            }
            // then
            assertThat(followed).isEqualTo(expected);
            await().until(() -> cleanedTo(ORDERS) > RECORDS - 500 && bytesOf(ORDERS) < 40_000);
            late.seekToBeginning(List.of(ORDERS));
            List<ConsumerRecord<byte[], byte[]>> left = read(late, RECORDS);
            expected.values().removeIf(java.util.Objects::isNull);
            assertThat(state(left)).isEqualTo(expected);
            assertThat(left).hasSizeLessThan(RECORDS / 4);
        }
    }

    @Test
    void shouldRefuseRecordsWithoutKey() throws Exception {
        try (TestingBroker ottla = start();
                Admin admin = ottla.admin();
                KafkaProducer<byte[], byte[]> producer = ottla.producer(Map.of())) {
            create(admin);
            assertThat(producer.send(new ProducerRecord<>(ORDERS.topic(), bytes("value"))))
                    .failsWithin(Duration.ofSeconds(30))
                    .withThrowableThat()
                    .withCauseInstanceOf(InvalidRecordException.class);
        }
    }

    @Test
    void shouldKnowAllOffsetsOfGroupsFromALogThatWasCompacted() throws Exception {
        TopicPartition offsets = new TopicPartition("__consumer_offsets", 0);
        Map<String, Map<TopicPartition, OffsetAndMetadata>> before = new HashMap<>();
        try (TestingBroker ottla = start();
                Admin admin = ottla.admin()) {
            create(admin);
            // given  groups that commit often, one with a member, one that is deleted again
            for (int i = 1; i <= 300; i++) {
                admin.alterConsumerGroupOffsets("group " + i % 5, Map.of(ORDERS, new OffsetAndMetadata(i)))
                        .all()
                        .get();
            }
            admin.deleteConsumerGroups(List.of("group 4")).all().get();
            try (KafkaConsumer<byte[], byte[]> member =
                    ottla.consumer(Map.of("group.id", "with a member", "enable.auto.commit", false))) {
                member.subscribe(List.of(ORDERS.topic()));
                await().until(() -> {
                    member.poll(Duration.ofMillis(100));
                    return !member.assignment().isEmpty();
                });
                for (int i = 1; i <= 50; i++) {
                    member.commitSync(Map.of(ORDERS, new OffsetAndMetadata(i)));
                }
            }
            // when   their log is compacted
            await().until(() -> cleanedTo(offsets) > 250 && bytesOf(offsets) < 12_000);
            for (String group : groups(admin)) {
                before.put(group, committed(admin, group));
            }
            assertThat(before).hasSize(5).doesNotContainKey("group 4");
            assertThat(before.get("with a member").get(ORDERS).offset()).isEqualTo(50);
        }
        // then   a broker that reads it knows the same
        try (TestingBroker ottla = start();
                Admin admin = ottla.admin()) {
            assertThat(groups(admin)).containsExactlyInAnyOrderElementsOf(before.keySet());
            for (String group : before.keySet()) {
                assertThat(committed(admin, group)).as(group).isEqualTo(before.get(group));
            }
        }
    }

    private static List<String> groups(Admin admin) throws Exception {
        return admin.listGroups().all().get().stream()
                .map(group -> group.groupId())
                .toList();
    }

    private static Map<TopicPartition, OffsetAndMetadata> committed(Admin admin, String group) throws Exception {
        return admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get();
    }
}
