package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.zookeeper.TestingZooKeeper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A topic that is deleted and made again while some of its logs are away, and then these come back. */
final class StrayLogTest {
    private static final String TOPIC = "orders";
    private static final int PARTITIONS = 2;

    @TempDir
    Path root;

    @AutoClose
    private final TestingZooKeeper zooKeeper = new TestingZooKeeper();

    private TestingBroker start(String... folders) throws Exception {
        String dirs =
                Stream.of(folders).map(name -> root.resolve(name).toString()).collect(Collectors.joining(","));
        return new TestingBroker(zooKeeper.address(), root.resolve(folders[0]), Map.of("log.dirs", dirs));
    }

    private static void make(TestingBroker ottla) throws Exception {
        try (Admin admin = ottla.admin()) {
            admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
    }

    private static void makeAgain(TestingBroker ottla) throws Exception {
        try (Admin admin = ottla.admin()) {
            admin.deleteTopics(List.of(TOPIC)).all().get();
        }
        make(ottla);
    }

    private static void produce(TestingBroker ottla, String value) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = ottla.producer(Map.of())) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                producer.send(new ProducerRecord<>(
                                TOPIC, partition, null, (value + partition).getBytes(StandardCharsets.UTF_8)))
                        .get();
            }
        }
    }

    private static List<String> consume(TestingBroker ottla) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = ottla.consumer(Map.of())) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                TopicPartition one = new TopicPartition(TOPIC, partition);
                consumer.assign(Set.of(one));
                consumer.seekToBeginning(Set.of(one));
                long end = consumer.endOffsets(Set.of(one)).get(one);
                while (consumer.position(one) < end) {
                    consumer.poll(Duration.ofMillis(100))
                            .forEach(record -> values.add(new String(record.value(), StandardCharsets.UTF_8)));
                }
            }
        }
        return values;
    }

    private List<Path> strays(String folder) throws IOException {
        try (Stream<Path> files = Files.list(root.resolve(folder))) {
            return files.filter(file -> file.getFileName().toString().matches("orders-[01]\\.[0-9a-f]{32}-stray"))
                    .toList();
        }
    }

    @Test
    void shouldServeTheNewTopicWhereALogOfTheOldOneStandsInItsPlace() throws Exception {
        // given  a log that is elsewhere while its topic is made again
        try (TestingBroker ottla = start("logs")) {
            make(ottla);
            produce(ottla, "old");
        }
        Files.move(root.resolve("logs/orders-1"), root.resolve("elsewhere"));
        try (TestingBroker ottla = start("logs")) {
            makeAgain(ottla);
            produce(ottla, "new");
        }
        // when  it stands where the new log was
        Files.move(root.resolve("logs/orders-1"), root.resolve("of-the-new-topic"));
        Files.move(root.resolve("elsewhere"), root.resolve("logs/orders-1"));
        try (TestingBroker ottla = start("logs")) {
            // then  the new topic begins anew there
            assertThat(consume(ottla)).containsExactly("new0");
            produce(ottla, "newer");
        }
        // and  so it is after a restart; the old log is kept
        try (TestingBroker ottla = start("logs")) {
            assertThat(consume(ottla)).containsExactly("new0", "newer0", "newer1");
        }
        assertThat(strays("logs")).hasSize(1);
        assertThat(strays("logs").getFirst().resolve("00000000000000000000.log"))
                .isNotEmptyFile();
    }

    @Test
    void shouldServeTheNewTopicWhereAFolderBringsBackLogsOfTheOldOne() throws Exception {
        // given  two folders with a partition each, and one away while the topic is made again
        try (TestingBroker ottla = start("a", "b")) {
            make(ottla);
            produce(ottla, "old");
        }
        if (Files.exists(root.resolve("b/orders-0"))) {
            Files.move(root.resolve("b/orders-0"), root.resolve("a/orders-0"));
        }
        if (Files.exists(root.resolve("a/orders-1"))) {
            Files.move(root.resolve("a/orders-1"), root.resolve("b/orders-1"));
        }
        try (TestingBroker ottla = start("a")) {
            makeAgain(ottla);
            produce(ottla, "new");
        }
        // when
        try (TestingBroker ottla = start("a", "b")) {
            // then
            assertThat(consume(ottla)).containsExactly("new0", "new1");
        }
        try (TestingBroker ottla = start("a", "b")) {
            assertThat(consume(ottla)).containsExactly("new0", "new1");
        }
        assertThat(strays("a")).isEmpty();
        assertThat(strays("b")).hasSize(1);
    }
}
