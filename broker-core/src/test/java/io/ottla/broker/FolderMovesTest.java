package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ottla.zookeeper.TestingZooKeeper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeReplicaLogDirsResult.ReplicaLogDirInfo;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.LogDirNotFoundException;
import org.apache.kafka.common.errors.ReplicaNotAvailableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replicas that move between the log folders of a broker, as clients see it. */
class FolderMovesTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String TOPIC = "orders";
    private static final TopicPartitionReplica REPLICA = new TopicPartitionReplica(TOPIC, 0, 1);

    @TempDir
    Path root;

    @AutoClose
    private final TestingZooKeeper zooKeeper = new TestingZooKeeper();

    private String folder(String name) {
        return root.resolve(name).toString();
    }

    private TestingBroker start() throws Exception {
        return new TestingBroker(
                zooKeeper.address(),
                root.resolve("a"),
                Map.of("log.dirs", folder("a") + "," + folder("b"), "num.replica.alter.log.dirs.threads", "2"));
    }

    private static void move(Admin admin, TopicPartitionReplica replica, String folder) throws Exception {
        admin.alterReplicaLogDirs(Map.of(replica, folder)).all().get();
    }

    private static ReplicaLogDirInfo where(Admin admin) throws Exception {
        return admin.describeReplicaLogDirs(List.of(REPLICA)).all().get().get(REPLICA);
    }

    private String other(Admin admin) throws Exception {
        return folder(where(admin).getCurrentReplicaLogDir().endsWith("a") ? "b" : "a");
    }

    private static void awaitIn(Admin admin, String folder) {
        await().atMost(LONG).untilAsserted(() -> {
            assertThat(where(admin).getCurrentReplicaLogDir()).isEqualTo(folder);
            assertThat(where(admin).getFutureReplicaLogDir()).isNull();
        });
    }

    private static List<Integer> values(TestingBroker broker, int count) {
        try (KafkaConsumer<byte[], byte[]> consumer = broker.consumer(Map.of("max.poll.records", 10_000))) {
            TopicPartition partition = new TopicPartition(TOPIC, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            List<Integer> values = new ArrayList<>();
            await("all " + count)
                    .atMost(LONG)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .untilAsserted(() -> {
                        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                            values.add(Integer.parseInt(new String(record.key(), StandardCharsets.UTF_8)));
                        }
                        assertThat(values.size()).isGreaterThanOrEqualTo(count);
                    });
            return values;
        }
    }

    private static Future<RecordMetadata> send(KafkaProducer<byte[], byte[]> producer, int number) {
        byte[] key = Integer.toString(number).getBytes(StandardCharsets.UTF_8);
        return producer.send(new ProducerRecord<>(TOPIC, 0, key, new byte[1000]));
    }

    @Test
    void shouldMoveAReplicaThereAndBackUnderLoad() throws Exception {
        int sent = 0;
        try (TestingBroker broker = start();
                Admin admin = broker.admin();
                KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of("linger.ms", 0))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1)
                            .configs(Map.of("segment.bytes", Integer.toString(1 << 20)))))
                    .all()
                    .get();
            for (; sent < 5_000; sent++) {
                send(producer, sent);
            }
            producer.flush();

            // when   it goes there and back, and there again, while somebody writes
            for (int i = 0; i < 3; i++) {
                String to = other(admin);
                move(admin, REPLICA, to);
                while (!where(admin).getCurrentReplicaLogDir().equals(to)) {
                    for (int burst = 0; burst < 100; burst++) {
                        send(producer, sent++);
                    }
                    send(producer, sent++).get();
                }
                awaitIn(admin, to);
            }

            // then
            assertThat(values(broker, sent))
                    .isEqualTo(IntStream.range(0, sent).boxed().toList());
        }
        // and    so it is after a restart
        try (TestingBroker broker = start()) {
            assertThat(values(broker, sent))
                    .isEqualTo(IntStream.range(0, sent).boxed().toList());
        }
    }

    @Test
    void shouldKeepToItsRateShowHowFarItIsAndGoOnAfterARestart() throws Exception {
        String to;
        try (TestingBroker broker = start();
                Admin admin = broker.admin();
                KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
            for (int i = 0; i < 5_000; i++) {
                send(producer, i);
            }
            producer.flush();

            // when   it may copy a byte a second after the first step
            rate(admin, "1");
            to = other(admin);
            move(admin, REPLICA, to);

            // then
            await().atMost(LONG)
                    .untilAsserted(() ->
                            assertThat(where(admin).getFutureReplicaOffsetLag()).isBetween(1L, 4_999L));
            assertThat(where(admin).getFutureReplicaLogDir()).isEqualTo(to);
            assertThat(where(admin).getCurrentReplicaOffsetLag()).isZero();
            assertThat(broker.levels(
                            "kafka_server_replicaalterlogdirsmanager_maxlag", "clientId", "ReplicaAlterLogDirs"))
                    .singleElement()
                    .satisfies(lag -> assertThat(lag).isPositive());
        }
        try (TestingBroker broker = start();
                Admin admin = broker.admin()) {
            assertThat(where(admin).getFutureReplicaLogDir()).isEqualTo(to);
            rate(admin, "100000000");
            awaitIn(admin, to);
            assertThat(values(broker, 5_000)).hasSize(5_000);
        }
    }

    private static void rate(Admin admin, String bytesPerSecond) throws Exception {
        ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
        ConfigEntry entry = new ConfigEntry("replica.alter.log.dirs.io.max.bytes.per.second", bytesPerSecond);
        admin.incrementalAlterConfigs(Map.of(broker, List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }

    @Test
    void shouldRefuseWhatCanNotBe() throws Exception {
        try (TestingBroker broker = start();
                Admin admin = broker.admin()) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
            assertRefused(admin, REPLICA, folder("c"), LogDirNotFoundException.class);
            assertRefused(admin, REPLICA, "a", LogDirNotFoundException.class);
            assertRefused(
                    admin,
                    new TopicPartitionReplica("nowhere", 0, 1),
                    folder("a"),
                    UnknownTopicOrPartitionException.class);
        }
    }

    private static void assertRefused(
            Admin admin, TopicPartitionReplica replica, String folder, Class<? extends Exception> why) {
        assertThatThrownBy(() -> move(admin, replica, folder))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(why);
    }

    @Test
    void shouldMakeAReplicaInTheFolderThatWasNamedForIt() throws Exception {
        try (TestingBroker _ = start();
                TestingBroker second = new TestingBroker(
                        zooKeeper.address(),
                        root.resolve("c"),
                        Map.of("broker.id", "2", "log.dirs", folder("c") + "," + folder("d")));
                Admin admin = second.admin()) {
            admin.createTopics(List.of(new NewTopic(TOPIC, Map.of(0, List.of(1)))))
                    .all()
                    .get();
            for (String folder : List.of("d", "c")) {
                // when   it is named before it is there
                TopicPartitionReplica coming = new TopicPartitionReplica(TOPIC, 0, 2);
                assertRefused(admin, coming, folder(folder), ReplicaNotAvailableException.class);
                reassign(admin, List.of(1, 2));

                // then
                await().atMost(LONG)
                        .untilAsserted(() -> assertThat(admin.describeReplicaLogDirs(List.of(coming))
                                        .all()
                                        .get()
                                        .get(coming)
                                        .getCurrentReplicaLogDir())
                                .isEqualTo(folder(folder)));
                TestingCluster.awaitInSync(admin, TOPIC, Set.of(1, 2));
                reassign(admin, List.of(1));
                TestingCluster.awaitInSync(admin, TOPIC, Set.of(1));
                await().atMost(LONG)
                        .until(() -> admin.describeReplicaLogDirs(List.of(coming))
                                        .all()
                                        .get()
                                        .get(coming)
                                        .getCurrentReplicaLogDir()
                                == null);
            }
        }
    }

    private static void reassign(Admin admin, List<Integer> replicas) throws Exception {
        admin.alterPartitionReassignments(
                        Map.of(new TopicPartition(TOPIC, 0), Optional.of(new NewPartitionReassignment(replicas))))
                .all()
                .get();
        await().atMost(LONG)
                .until(() ->
                        admin.listPartitionReassignments().reassignments().get().isEmpty());
    }
}
