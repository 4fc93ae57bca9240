package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.app.zookeeper.EmbeddedZooKeeper;
import io.ottla.time.Clock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.VoidDeserializer;
import org.apache.kafka.common.serialization.VoidSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three brokers as processes of their own beside one ZooKeeper, under load, and what kill -9 does to them. */
final class ClusterProcessTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String TOPIC = "t";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);

    @TempDir
    Path folder;

    private final Map<Integer, OttlaProcess> brokers = new TreeMap<>();
    private EmbeddedZooKeeper zooKeeper;

    @BeforeEach
    void startThree() throws Exception {
        zooKeeper = new EmbeddedZooKeeper(
                folder.resolve("zookeeper"), 0, Clock.system(), (delayMs, task) -> () -> true, Runnable::run);
        zooKeeper.start();
        for (int id = 1; id <= 3; id++) {
            start(id);
        }
        brokers.values().forEach(OttlaProcess::awaitReady);
    }

    @AfterEach
    void endAll() {
        brokers.values().forEach(OttlaProcess::close);
        zooKeeper.close();
    }

    private void start(int id) throws Exception {
        Path own = Files.createDirectories(folder.resolve("broker-" + id));
        brokers.put(id, OttlaProcess.serve(own, "zookeeper.connect=" + zooKeeper.address(), "broker.id=" + id));
    }

    @Test
    void shouldLoseNothingWhenItsBrokersAreKilledOneAfterTheOther() throws Exception {
        try (Admin admin = admin()) {
            create(admin, List.of(1, 2, 3));
            try (Load load = new Load(bootstrap())) {
                for (int round = 0; round < 2; round++) {
                    // given  a steady flow of records that all in-sync replicas acknowledge
                    load.awaitMore(200);

                    // when   the leader is killed
                    int leader = describe(admin).leader().id();
                    brokers.get(leader).close();

                    // then   another leads, and the flow goes on
                    load.awaitMore(200);

                    // and    the killed one comes back into the in-sync set
                    start(leader);
                    brokers.get(leader).awaitReady();
                    awaitInSync(admin, Set.of(1, 2, 3));
                }
                // and    nothing that was acknowledged is missing, twice, or out of order
                load.stop();
                assertKept(load.acknowledged);
                assertThat(load.failures).isEmpty();
            }
        }
    }

    @Test
    void shouldComeBackByItselfWhenAllAreKilled() throws Exception {
        try (Admin admin = admin()) {
            create(admin, List.of(2, 3, 1));
            try (Load load = new Load(bootstrap())) {
                load.awaitMore(200);

                // when   all die at once, in the midst of it
                brokers.values().forEach(OttlaProcess::kill);
                brokers.values().forEach(OttlaProcess::close);
                load.stop();
                for (int id = 1; id <= 3; id++) {
                    start(id);
                }
                brokers.values().forEach(OttlaProcess::awaitReady);

                // then   the partition has a leader and all replicas, and what was acknowledged
                try (Admin again = admin()) {
                    awaitInSync(again, Set.of(1, 2, 3));
                    assertKept(load.acknowledged);
                }
            }
        }
    }

    @Test
    @Tag("full")
    void shouldFailNoProduceInARollingRestart() throws Exception {
        try (Admin admin = admin()) {
            create(admin, List.of(1, 2, 3));
            try (Load load = new Load(bootstrap())) {
                for (int id = 1; id <= 3; id++) {
                    // given  a steady flow, by a client as it comes
                    load.awaitMore(200);

                    // when   one broker after the other stops in order and starts again
                    brokers.get(id).terminate();
                    brokers.get(id).exitCode(SOON);
                    start(id);
                    brokers.get(id).awaitReady();
                    awaitInSync(admin, Set.of(1, 2, 3));
                }
                load.awaitMore(200);

                // then   no produce has failed, and nothing is missing, twice, or out of order
                load.stop();
                assertThat(load.failures).isEmpty();
                assertKept(load.acknowledged);
            }
        }
    }

    private String bootstrap() {
        return brokers.values().stream().map(OttlaProcess::bootstrap).collect(Collectors.joining(","));
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrap()));
    }

    private static void create(Admin admin, List<Integer> replicas) throws Exception {
        NewTopic topic = new NewTopic(TOPIC, Map.of(0, replicas)).configs(Map.of("min.insync.replicas", "2"));
        admin.createTopics(List.of(topic)).all().get();
        awaitInSync(admin, Set.copyOf(replicas));
    }

    private static TopicPartitionInfo describe(Admin admin) throws InterruptedException, ExecutionException {
        return admin.describeTopics(List.of(TOPIC))
                .allTopicNames()
                .get()
                .get(TOPIC)
                .partitions()
                .getFirst();
    }

    private static void awaitInSync(Admin admin, Set<Integer> ids) {
        await().atMost(SOON)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(
                                describe(admin).isr().stream().map(Node::id).collect(Collectors.toSet()))
                        .isEqualTo(ids));
    }

    private void assertKept(Queue<Long> acknowledged) {
        List<Long> found = new ArrayList<>();
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap(), "auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new VoidDeserializer(), new LongDeserializer())) {
            consumer.assign(List.of(PARTITION));
            long end = consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
            while (consumer.position(PARTITION) < end) {
                for (ConsumerRecord<?, Long> record : consumer.poll(Duration.ofSeconds(1))) {
                    found.add(record.value());
                }
            }
        }
        assertThat(found).isSorted().doesNotHaveDuplicates();
        Set<Long> missing = new HashSet<>(acknowledged);
        found.forEach(missing::remove);
        assertThat(missing).isEmpty();
    }

    /** One idempotent producer that sends number after number, until it is stopped. */
    private static final class Load implements AutoCloseable {
        private final Queue<Long> acknowledged = new ConcurrentLinkedQueue<>();
        private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();
        private final KafkaProducer<Void, Long> producer;
        private final Thread sender = new Thread(this::send);
        private volatile boolean over;

        Load(String bootstrap) {
            Map<String, Object> settings =
                    new HashMap<>(Map.of("bootstrap.servers", bootstrap, "acks", "all", "linger.ms", 0));
            producer = new KafkaProducer<>(settings, new VoidSerializer(), new LongSerializer());
            sender.start();
        }

        private void send() {
            for (long value = 0; !over; value++) {
                long sent = value;
                producer.send(new ProducerRecord<>(TOPIC, 0, null, value), (metadata, failure) -> {
                    if (failure == null) {
                        acknowledged.add(sent);
                    } else {
                        failures.add(failure);
                    }
                });
                LockSupport.parkNanos(1_000_000);
            }
        }

        void awaitMore(int records) {
            int before = acknowledged.size();
            await().atMost(SOON).until(() -> acknowledged.size() >= before + records);
        }

        /** What is under way is given up. */
        void stop() {
            over = true;
            await().atMost(SOON).until(() -> !sender.isAlive());
            producer.close(Duration.ofSeconds(5));
        }

        @Override
        public void close() {
            stop();
        }
    }
}
