package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ottla.zookeeper.TestingZooKeeper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that loses one of its log folders, as its clients see it. */
final class FailedFolderTest {
    private static final String TOPIC = "orders";
    private static final int PARTITIONS = 4;
    /** In the folder that lives on. */
    private static final List<Integer> KEPT = List.of(0, 1);

    private static final List<Integer> LOST = List.of(2, 3);

    @TempDir
    Path root;

    @AutoClose
    private final TestingZooKeeper zooKeeper = new TestingZooKeeper();

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

    /** A topic with a record in each partition, of which the first half lie in folder a and the others in b. */
    private void makeTopic() throws Exception {
        try (TestingBroker ottla = start();
                Admin admin = ottla.admin();
                KafkaProducer<byte[], byte[]> producer = producer(ottla)) {
            admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)))
                    .all()
                    .get();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                producer.send(record(partition)).get();
            }
        }
        for (int partition = 0; partition < PARTITIONS; partition++) {
            String name = TOPIC + "-" + partition;
            String from = Files.exists(folder("a").resolve(name)) ? "a" : "b";
            String to = KEPT.contains(partition) ? "a" : "b";
            if (!from.equals(to)) {
                Files.move(folder(from).resolve(name), folder(to).resolve(name));
            }
        }
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
        // given  a topic in both folders
        makeTopic();
        try (TestingBroker ottla = start();
                Admin admin = ottla.admin();
                KafkaProducer<byte[], byte[]> producer = producer(ottla)) {
            assertThat(partitions(admin)).allMatch(partition -> partition.leader() != null);

            // when
            tearOut("b");

            // then   everybody is told that nobody leads them
            await().untilAsserted(() -> assertThat(partitions(admin).stream()
                            .filter(partition -> partition.leader() == null)
                            .map(TopicPartitionInfo::partition))
                    .isEqualTo(LOST));
            assertThat(ottla.level("kafka_controller_kafkacontroller_offlinepartitionscount"))
                    .isEqualTo(LOST.size());
            assertThat(ottla.level("kafka_server_replicamanager_offlinereplicacount"))
                    .isEqualTo(LOST.size());
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
            for (int partition : KEPT) {
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
                    .isEqualTo(LOST));
        }
        // when   the folder is back
        putBack("b");
        try (TestingBroker ottla = start();
                Admin admin = ottla.admin();
                KafkaProducer<byte[], byte[]> producer = producer(ottla)) {
            // then
            assertThat(partitions(admin)).allMatch(partition -> partition.leader() != null);
            for (int partition : LOST) {
                assertThat(producer.send(record(partition)).get().offset()).isEqualTo(1);
            }
        }
    }

    @Test
    void shouldStartWithoutItsFirstFolder() throws Exception {
        // given
        makeTopic();
        tearOut("a");

        // when
        try (TestingBroker ottla = start();
                KafkaProducer<byte[], byte[]> producer = producer(ottla)) {
            // then   the session is kept where there is a folder
            assertThat(folder("b").resolve("zookeeper-session.properties")).exists();
            assertThat(producer.send(record(LOST.getFirst())).get().offset()).isEqualTo(1);
        }
        assertThat(folder("b").resolve("zookeeper-session.properties")).doesNotExist();
    }

    @Test
    void shouldSayWhatIsWrongToWhoStillProducesThere() throws Exception {
        makeTopic();
        try (TestingBroker ottla = start();
                KafkaProducer<byte[], byte[]> producer = producer(ottla)) {
            // given
            int lost = LOST.getFirst();
            producer.send(record(lost)).get();
            // when
            tearOut("b");
            // then
            await().until(() -> ottla.level("kafka_server_replicamanager_offlinereplicacount") == LOST.size());
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
