package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ottla.zookeeper.SessionStatus;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three whole brokers in one process: replication, fail-over, and what clients see of them. */
final class ClusterTest {
    private static final Map<String, String> TWO_IN_SYNC = Map.of("min.insync.replicas", "2");

    @TempDir
    Path folder;

    private TestingCluster start(int size) throws Exception {
        return new TestingCluster(folder, size, Map.of());
    }

    @Test
    void shouldReplicateWhatIsAcknowledgedToAllReplicas() throws Exception {
        try (TestingCluster cluster = start(3);
                Admin admin = cluster.admin()) {
            // given  a topic with three replicas, created by a broker that may not be the controller
            cluster.create(admin, "events", Map.of(0, List.of(1, 2, 3)), TWO_IN_SYNC);

            // when   records are acknowledged by all
            produce(cluster, "events", 0, 1_000);

            // then   all are in sync, and their logs are the same bytes
            assertThat(TestingCluster.inSync(admin, "events", 0)).containsExactlyInAnyOrder(1, 2, 3);
            assertThat(consume(cluster, "events", 1_000)).isEqualTo(values(0, 1_000));
            await().atMost(TestingCluster.LONG)
                    .untilAsserted(() -> assertThat(log(cluster, 2))
                            .isEqualTo(log(cluster, 1))
                            .isEqualTo(log(cluster, 3)));
        }
    }

    @Test
    void shouldGoOnWithAnotherLeaderWhenOneStops() throws Exception {
        try (TestingCluster cluster = start(3);
                Admin admin = cluster.admin();
                KafkaProducer<byte[], byte[]> producer = cluster.producer(Map.of("acks", "all"))) {
            cluster.create(admin, "events", Map.of(0, List.of(3, 1, 2)), TWO_IN_SYNC);
            send(producer, "events", 0, 100);

            // when   its leader stops in order
            cluster.stop(3);

            // then   the same producer goes on without an error, and nothing is lost
            send(producer, "events", 100, 200);
            assertThat(consume(cluster, "events", 200)).isEqualTo(values(0, 200));
            TestingCluster.awaitInSync(admin, "events", Set.of(1, 2));

            // and    who comes back is in sync again
            cluster.start(3, Map.of());
            TestingCluster.awaitInSync(admin, "events", Set.of(1, 2, 3));
        }
    }

    @Test
    void shouldRefuseToAcknowledgeWithTooFewInSync() throws Exception {
        try (TestingCluster cluster = start(3);
                Admin admin = cluster.admin()) {
            cluster.create(admin, "events", Map.of(0, List.of(1, 2, 3)), TWO_IN_SYNC);
            produce(cluster, "events", 0, 10);
            cluster.stop(2);
            cluster.stop(3);
            TestingCluster.awaitInSync(admin, "events", Set.of(1));

            try (KafkaProducer<byte[], byte[]> producer =
                    cluster.producer(Map.of("acks", "all", "retries", 0, "enable.idempotence", false))) {
                assertThatThrownBy(() -> producer.send(record("events", 10)).get(30, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(NotEnoughReplicasException.class);
            }

            // when   somebody is content with the leader alone
            try (KafkaProducer<byte[], byte[]> producer = cluster.producer(Map.of("acks", "1"))) {
                send(producer, "events", 10, 20);
            }

            // then   nobody sees that before there are enough who have it
            TopicPartition partition = new TopicPartition("events", 0);
            assertThat(cluster.broker(1)
                            .broker()
                            .replicas()
                            .partition("events", 0)
                            .log()
                            .logEndOffset())
                    .isEqualTo(20);
            assertThat(latest(admin, partition)).isEqualTo(10);
            assertThat(consume(cluster, "events", 10)).isEqualTo(values(0, 10));
            cluster.start(2, Map.of());
            assertThat(consume(cluster, "events", 20)).isEqualTo(values(0, 20));
            assertThat(latest(admin, partition)).isEqualTo(20);
        }
    }

    private static long latest(Admin admin, TopicPartition partition) throws Exception {
        return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                .partitionResult(partition)
                .get(30, TimeUnit.SECONDS)
                .offset();
    }

    @Test
    void shouldSurviveTheStopOfItsController() throws Exception {
        try (TestingCluster cluster = start(3);
                Admin admin = cluster.admin()) {
            int controller = admin.describeCluster().controller().get().id();
            cluster.stop(controller);

            // then   another one decides
            await().atMost(TestingCluster.LONG)
                    .untilAsserted(() -> assertThat(
                                    admin.describeCluster().controller().get().id())
                            .isNotEqualTo(controller)
                            .isPositive());
            admin.createTopics(List.of(new NewTopic("after", 3, (short) 2)))
                    .all()
                    .get();
            produce(cluster, "after", 0, 10);
        }
    }

    @Test
    void shouldDecideAtWhicheverBrokerItIsAsked() throws Exception {
        try (TestingCluster cluster = start(3)) {
            for (int id = 1; id <= 3; id++) {
                // given  a client that knows one broker alone, and old enough to ask just that
                try (Admin admin = cluster.broker(id).admin()) {
                    String topic = "of-" + id;
                    // when   it creates, and asks that very broker at once
                    admin.createTopics(List.of(new NewTopic(topic, 4, (short) 3)))
                            .all()
                            .get();
                    // then
                    assertThat(TestingCluster.describe(admin, topic, 3).replicas())
                            .hasSize(3);
                    produce(cluster, topic, 0, 10);
                }
            }
        }
    }

    @Test
    void shouldDeleteTopicsOnEveryBroker() throws Exception {
        try (TestingCluster cluster = start(3);
                Admin admin = cluster.admin()) {
            cluster.create(admin, "events", Map.of(0, List.of(1, 2, 3)), Map.of());
            produce(cluster, "events", 0, 10);
            admin.deleteTopics(List.of("events")).all().get();
            for (int id = 1; id <= 3; id++) {
                Path log = cluster.folder(id).resolve("events-0");
                await().atMost(TestingCluster.LONG)
                        .untilAsserted(() -> assertThat(log).doesNotExist());
                String notes = "/ottla/deleted_logs/" + id;
                await().atMost(TestingCluster.LONG)
                        .until(() -> cluster.zooKeeper().children(notes).isEmpty());
            }
        }
    }

    @Test
    void shouldDeleteTopicsOnABrokerThatReturnsLater() throws Exception {
        try (TestingCluster cluster = start(3);
                Admin admin = cluster.admin()) {
            // given  one is away while a topic goes, and another one of its name comes
            cluster.create(admin, "events", Map.of(0, List.of(1, 2, 3)), Map.of());
            cluster.create(admin, "gone", Map.of(0, List.of(2, 3)), Map.of());
            produce(cluster, "events", 0, 10);
            cluster.stop(3);
            admin.deleteTopics(List.of("events", "gone")).all().get();
            cluster.create(admin, "events", Map.of(0, List.of(1, 2)), Map.of());

            // when
            cluster.start(3, Map.of());

            // then
            for (String log : List.of("events-0", "gone-0")) {
                assertThat(cluster.folder(3).resolve(log)).doesNotExist();
            }
            await().atMost(TestingCluster.LONG)
                    .until(() -> cluster.zooKeeper()
                            .children("/ottla/deleted_logs/3")
                            .isEmpty());
            assertThat(TestingCluster.describe(admin, "events", 0).isr()).hasSize(2);
        }
    }

    @Test
    void shouldServeGroupsFromEveryBroker() throws Exception {
        try (TestingCluster cluster = start(3);
                Admin admin = cluster.admin()) {
            cluster.create(admin, "events", Map.of(0, List.of(2, 3, 1)), TWO_IN_SYNC);
            produce(cluster, "events", 0, 100);
            for (int group = 0; group < 5; group++) {
                try (KafkaConsumer<byte[], byte[]> consumer = cluster.consumer(Map.of("group.id", "group-" + group))) {
                    consumer.subscribe(List.of("events"));
                    assertThat(drain(consumer, 100)).isEqualTo(values(0, 100));
                    consumer.commitSync(Duration.ofSeconds(30));
                }
            }
        }
    }

    @Test
    void shouldDeleteRecordsOnAllLiveReplicasBeforeItSaysSo() throws Exception {
        try (TestingCluster cluster = start(3);
                Admin admin = cluster.admin()) {
            cluster.create(admin, "events", Map.of(0, List.of(1, 2, 3)), TWO_IN_SYNC);
            produce(cluster, "events", 0, 100);
            TopicPartition partition = new TopicPartition("events", 0);

            // when
            long low = deleteBefore(admin, partition, 40);

            // then   every replica starts there
            assertThat(low).isEqualTo(40);
            for (int id = 1; id <= 3; id++) {
                assertThat(cluster.broker(id)
                                .broker()
                                .replicas()
                                .partition("events", 0)
                                .log()
                                .logStartOffset())
                        .as("broker %d", id)
                        .isEqualTo(40);
            }

            // and    nobody waits for one that is gone
            cluster.stop(3);
            TestingCluster.awaitInSync(admin, "events", Set.of(1, 2));
            assertThat(deleteBefore(admin, partition, 60)).isEqualTo(60);
        }
    }

    private static long deleteBefore(Admin admin, TopicPartition partition, long offset) throws Exception {
        return admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset)))
                .lowWatermarks()
                .get(partition)
                .get(30, TimeUnit.SECONDS)
                .lowWatermark();
    }

    @Test
    void shouldKeepRecordsWhereAnOldToolWritesATopicsNode() throws Exception {
        try (TestingCluster cluster = start(2);
                Admin admin = cluster.admin()) {
            // given
            cluster.create(admin, "events", Map.of(0, List.of(1, 2)), Map.of());
            produce(cluster, "events", 0, 10);

            // when   it gets a partition from a tool that knows nothing of topics' ids, and writes none
            cluster.zooKeeper()
                    .write("/brokers/topics/events", "{\"version\":1,\"partitions\":{\"0\":[1,2],\"1\":[2,1]}}");
            await().atMost(TestingCluster.LONG)
                    .ignoreExceptions()
                    .until(() -> TestingCluster.inSync(admin, "events", 1).size() == 2);

            // then
            assertThat(consume(cluster, "events", 10)).isEqualTo(values(0, 10));
        }
    }

    @Test
    void shouldHaveAControllerAgainAfterSomebodyWroteItsEpoch() throws Exception {
        try (TestingCluster cluster = start(2);
                Admin admin = cluster.admin()) {
            // when   the controller's writes will all be refused, and nobody else is elected
            cluster.zooKeeper().write("/controller_epoch", "0");

            // then   it takes a larger epoch than it had, and works
            cluster.create(admin, "events", Map.of(0, List.of(1, 2)), Map.of());
            produce(cluster, "events", 0, 10);
            assertThat(cluster.zooKeeper().data("/controller_epoch")).isEqualTo("2");
        }
    }

    @Test
    void shouldGoOnWhileZooKeeperIsAwayForLongerThanItsSessionsLive() throws Exception {
        Map<String, String> shortly = Map.of("zookeeper.session.timeout.ms", "3000");
        Map<String, Object> unforgiving = Map.of("acks", "all", "retries", 0, "enable.idempotence", false);
        try (TestingCluster cluster = new TestingCluster(folder, 3, shortly);
                Admin admin = cluster.admin();
                KafkaProducer<byte[], byte[]> producer = cluster.producer(unforgiving);
                KafkaConsumer<byte[], byte[]> consumer = cluster.consumer(Map.of())) {
            // given  a leader on every broker, and clients at work
            cluster.create(
                    admin,
                    "events",
                    Map.of(0, List.of(1, 2, 3), 1, List.of(2, 3, 1), 2, List.of(3, 1, 2)),
                    TWO_IN_SYNC);
            consumer.assign(List.of(
                    new TopicPartition("events", 0), new TopicPartition("events", 1), new TopicPartition("events", 2)));
            Traffic traffic = new Traffic(producer, consumer);
            traffic.flowUntil(() -> traffic.sent > 100);
            List<String> states = states(cluster);

            // when   ZooKeeper goes away until every session is given up, and comes back
            cluster.zooKeeper().stop();
            traffic.flowUntil(() -> IntStream.rangeClosed(1, 3)
                    .allMatch(id -> cluster.broker(id).broker().zooKeeper().state() == SessionStatus.State.NONE));
            traffic.flowUntil(traffic.sent + 100);
            cluster.zooKeeper().start();

            // then   no request is refused, until new sessions are there and the old ones closed
            traffic.flowUntil(() -> IntStream.rangeClosed(1, 3)
                            .allMatch(id ->
                                    cluster.broker(id).broker().zooKeeper().state() == SessionStatus.State.CONNECTED)
                    && cluster.zooKeeper().sessions() == 3);
            // and    there is a controller again, at whichever broker one asks
            KafkaFuture<Void> created = admin.createTopics(List.of(new NewTopic("after", 3, (short) 3)))
                    .all();
            traffic.flowUntil(created::isDone);
            created.get();
            traffic.flowUntil(traffic.sent + 100);
            // and    leaders and in-sync sets are what they were, to the letter
            assertThat(states(cluster)).isEqualTo(states);
            traffic.readAll();
        }
    }

    private static List<String> states(TestingCluster cluster) {
        return IntStream.range(0, 3)
                .mapToObj(partition ->
                        cluster.zooKeeper().data("/brokers/topics/events/partitions/" + partition + "/state"))
                .toList();
    }

    /** One record after the other, to one partition after the other, each acknowledged before the next. */
    private static final class Traffic {
        private final KafkaProducer<byte[], byte[]> producer;
        private final KafkaConsumer<byte[], byte[]> consumer;
        private int sent;
        private int read;

        Traffic(KafkaProducer<byte[], byte[]> producer, KafkaConsumer<byte[], byte[]> consumer) {
            this.producer = producer;
            this.consumer = consumer;
        }

        void readAll() {
            await().atMost(TestingCluster.LONG).until(() -> {
                read += consumer.poll(Duration.ofMillis(100)).count();
                return read == sent;
            });
        }

        void flowUntil(int records) {
            flowUntil(() -> sent >= records);
        }

        void flowUntil(BooleanSupplier done) {
            await().atMost(Duration.ofSeconds(90))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> {
                        producer.send(new ProducerRecord<>("events", sent % 3, null, new byte[10]))
                                .get(30, TimeUnit.SECONDS);
                        sent++;
                        read += consumer.poll(Duration.ofMillis(1)).count();
                        return done.getAsBoolean();
                    });
        }
    }

    private byte[] log(TestingCluster cluster, int id) throws Exception {
        return Files.readAllBytes(cluster.folder(id).resolve("events-0/00000000000000000000.log"));
    }

    private static void produce(TestingCluster cluster, String topic, int from, int to) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = cluster.producer(Map.of("acks", "all"))) {
            send(producer, topic, from, to);
        }
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, String topic, int from, int to) throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int i = from; i < to; i++) {
            sent.add(producer.send(record(topic, i)));
        }
        for (Future<RecordMetadata> each : sent) {
            each.get(60, TimeUnit.SECONDS);
        }
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, int value) {
        return new ProducerRecord<>(topic, 0, null, Integer.toString(value).getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> values(int from, int to) {
        List<String> values = new ArrayList<>();
        for (int i = from; i < to; i++) {
            values.add(Integer.toString(i));
        }
        return values;
    }

    private static List<String> consume(TestingCluster cluster, String topic, int count) {
        try (KafkaConsumer<byte[], byte[]> consumer = cluster.consumer(Map.of())) {
            consumer.assign(List.of(new TopicPartition(topic, 0)));
            return drain(consumer, count);
        }
    }

    private static List<String> drain(KafkaConsumer<byte[], byte[]> consumer, int count) {
        List<String> values = new ArrayList<>();
        await().atMost(TestingCluster.LONG).until(() -> {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                values.add(new String(record.value(), StandardCharsets.UTF_8));
            }
            return values.size() >= count;
        });
        return values;
    }
}
