package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ottla.zookeeper.TestingZooKeeper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that loses one of its log folders, as its clients see it. */
final class FailedFolderTest {
    private static final String TOPIC = "orders";
    private static final int PARTITIONS = 4;

    @TempDir
    Path root;

    private TestingZooKeeper zooKeeper;

    @BeforeEach
    void startZooKeeper() {
        zooKeeper = new TestingZooKeeper(root.resolve("zookeeper"));
    }

    @AfterEach
    void stopZooKeeper() {
        zooKeeper.close();
    }

    private Path folder(String name) {
        return root.resolve(name);
    }

    private TestingBroker start() throws Exception {
        return new TestingBroker(
                zooKeeper.address(),
                folder("a"),
                Map.of("log.dirs", folder("a") + "," + folder("b"), "log.flush.offset.checkpoint.interval.ms", "50"));
    }

    private static KafkaProducer<byte[], byte[]> producer(TestingBroker ottla) {
        return ottla.producer(Map.of("retries", 0, "enable.idempotence", false, "max.block.ms", 3_000));
    }

    private static ProducerRecord<byte[], byte[]> record(int partition) {
        return new ProducerRecord<>(TOPIC, partition, null, "x".getBytes(StandardCharsets.UTF_8));
    }

    private static List<TopicPartitionInfo> partitions(Admin admin) throws Exception {
        TopicDescription topic =
                admin.describeTopics(List.of(TOPIC)).allTopicNames().get().get(TOPIC);
        return topic.partitions();
    }

    private List<Integer> partitionsIn(String folder) {
        return IntStream.range(0, PARTITIONS)
                .filter(number -> Files.exists(folder(folder).resolve(TOPIC + "-" + number)))
                .boxed()
                .toList();
    }

    /** As a disk that is torn out: there is no folder any more in its place. */
    private void tearOut(String name) throws IOException {
        Files.move(folder(name), folder(name + "-away"));
        Files.writeString(folder(name), "no folder");
    }

    private void putBack(String name) throws IOException {
        Files.delete(folder(name));
        Files.move(folder(name + "-away"), folder(name));
    }

    @Test
    void shouldLeaveThePartitionsOfAFailedFolderLeaderlessUntilItIsMended() throws Exception {
        List<Integer> lost;
        List<Integer> kept;
        try (TestingBroker ottla = start();
                Admin admin = ottla.admin();
                KafkaProducer<byte[], byte[]> producer = producer(ottla)) {
            // given  a topic in both folders
            admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)))
                    .all()
                    .get();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                producer.send(record(partition)).get();
            }
            lost = partitionsIn("b");
            kept = partitionsIn("a");
            assertThat(lost).isNotEmpty();
            assertThat(kept).isNotEmpty();

            // when
            tearOut("b");

            // then   everybody is told that nobody leads them
            await().untilAsserted(() -> assertThat(partitions(admin).stream()
                            .filter(partition -> partition.leader() == null)
                            .map(TopicPartitionInfo::partition))
                    .isEqualTo(lost));
            assertThat(ottla.level("kafka_controller_kafkacontroller_offlinepartitionscount"))
                    .isEqualTo(lost.size());
            assertThat(ottla.level("kafka_server_replicamanager_offlinereplicacount"))
                    .isEqualTo(lost.size());
            assertThat(ottla.level("kafka_log_logmanager_offlinelogdirectorycount"))
                    .isEqualTo(1);
            LogDirDescription described = admin.describeLogDirs(List.of(1))
                    .allDescriptions()
                    .get()
                    .get(1)
                    .get(folder("b").toString());
            assertThat(described.error()).isInstanceOf(KafkaStorageException.class);
            assertThat(described.replicaInfos()).isEmpty();
            // and  the others go on
            for (int partition : kept) {
                producer.send(record(partition)).get();
            }
        }
        // when   it starts again without that folder
        try (TestingBroker ottla = start();
                Admin admin = ottla.admin()) {
            // then
            await().untilAsserted(() -> assertThat(partitions(admin).stream()
                            .filter(partition -> partition.leader() == null)
                            .map(TopicPartitionInfo::partition))
                    .isEqualTo(lost));
        }
        // when   the folder is back
        putBack("b");
        try (TestingBroker ottla = start();
                Admin admin = ottla.admin();
                KafkaProducer<byte[], byte[]> producer = producer(ottla)) {
            // then
            assertThat(partitions(admin)).allMatch(partition -> partition.leader() != null);
            for (int partition : lost) {
                assertThat(producer.send(record(partition)).get().offset()).isEqualTo(1);
            }
        }
    }

    @Test
    void shouldSayWhatIsWrongToWhoStillProducesThere() throws Exception {
        try (TestingBroker ottla = start();
                Admin admin = ottla.admin();
                KafkaProducer<byte[], byte[]> producer = producer(ottla)) {
            // given
            admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)))
                    .all()
                    .get();
            int lost = partitionsIn("b").getFirst();
            producer.send(record(lost)).get();
            // when
            tearOut("b");
            // then
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(admin.describeLogDirs(List.of(1))
                                    .allDescriptions()
                                    .get()
                                    .get(1)
                                    .get(folder("b").toString())
                                    .error())
                            .isNotNull());
            assertThatThrownBy(() -> producer.send(record(lost)).get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(KafkaStorageException.class);
        }
    }

    @Test
    void shouldFailAsAWholeWhenTheLastFolderIsLost() throws Exception {
        try (TestingBroker ottla = start()) {
            CompletableFuture<String> failure = ottla.broker().failure().toCompletableFuture();
            // when
            tearOut("a");
            await().until(() -> ottla.level("kafka_log_logmanager_offlinelogdirectorycount") == 1);
            assertThat(failure).isNotDone();
            tearOut("b");
            // then
            await().until(failure::isDone);
            assertThat(failure.join()).startsWith("all log folders have failed");
        }
    }
}
