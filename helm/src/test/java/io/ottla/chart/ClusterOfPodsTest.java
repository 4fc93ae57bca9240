package io.ottla.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.VoidSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pods of the chart as it comes, each a process: three brokers and their three servers of ZooKeeper. */
@Tag("full")
class ClusterOfPodsTest {
    private static final Duration SOON = Duration.ofMinutes(4);
    private static final String TOPIC = "orders";
    private static final int PARTITIONS = 3;

    /** A machine that builds has less to give than a node, and nobody here starts what has given up. */
    private static final String VALUES = """
            config:
              zookeeper.connection.timeout.ms: 240000
            heapOpts: -Xms64m -Xmx192m -XX:+UseSerialGC -XX:-UseG1GC
            zookeeper:
              heapOpts: -Xms16m -Xmx64m -XX:+UseSerialGC -XX:-UseG1GC
            """;

    @TempDir
    Path folder;

    private TestingNode node;
    private List<Pod> brokers;
    private List<Pod> zooKeepers;

    @BeforeEach
    void startAll() throws Exception {
        Manifests manifests = Chart.manifests(VALUES);
        node = new TestingNode(folder, manifests, "cluster.local");
        List<Pod> all = Pod.of(manifests);
        brokers = all.stream().filter(Pod::isBroker).toList();
        zooKeepers = all.stream().filter(pod -> !pod.isBroker()).toList();
        for (Pod pod : all) {
            node.start(pod);
        }
        all.forEach(this::awaitReady);
    }

    @AfterEach
    void endAll() {
        node.close();
    }

    private void awaitReady(Pod pod) {
        await().atMost(SOON).until(() -> node.isReady(pod));
    }

    private String bootstrap() {
        return brokers.stream().map(pod -> node.address(pod, "tcp-client")).collect(Collectors.joining(","));
    }

    @Test
    void shouldLoseNothingAndFailNoProduceInARollingUpdateOfAllPods() throws Exception {
        // given  a topic made without a word on replicas, and a group that reads it
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
            assertThat(admin.describeCluster().nodes().get()).hasSize(3);
            admin.createTopics(List.of(new NewTopic(TOPIC, Optional.of(PARTITIONS), Optional.empty())))
                    .all()
                    .get();
            TopicDescription made =
                    admin.describeTopics(List.of(TOPIC)).allTopicNames().get().get(TOPIC);
            assertThat(made.partitions())
                    .allSatisfy(partition -> assertThat(partition.replicas()).hasSize(3));
        }
        try (Load load = new Load(bootstrap())) {
            load.awaitMore(200);

            // when   the pods are replaced one after the other, each when the one before is ready
            for (Pod pod : brokers.reversed()) {
                assertThat(node.terminate(pod)).isEqualTo(143);
                node.start(pod);
                awaitReady(pod);
            }
            load.awaitMore(200);
            for (Pod pod : zooKeepers.reversed()) {
                assertThat(node.terminate(pod)).isEqualTo(143);
                node.start(pod);
                awaitReady(pod);
                load.awaitMore(200);
            }

            // then
            load.stop();
            assertThat(load.failures).isEmpty();
            assertKept(load.acknowledged);
        }
        for (Pod pod : brokers) {
            assertThat(node.output(pod)).doesNotContain(" ERROR ");
            assertThat(node.writtenOutsideOfVolumes(pod)).isEmpty();
        }
        for (Pod pod : zooKeepers) {
            assertThat(node.writtenOutsideOfVolumes(pod)).isEmpty();
        }
    }

    /** Nothing that was acknowledged is missing, and in each partition all is once and in order. */
    private void assertKept(Queue<Long> acknowledged) {
        Map<Integer, List<Long>> found = new HashMap<>();
        Set<Long> missing = new HashSet<>(acknowledged);
        Map<String, Object> settings =
                Map.of("bootstrap.servers", bootstrap(), "group.id", "readers", "auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new LongDeserializer())) {
            consumer.subscribe(List.of(TOPIC));
            await().atMost(SOON).until(() -> {
                for (ConsumerRecord<?, Long> record : consumer.poll(Duration.ofMillis(500))) {
                    found.computeIfAbsent(record.partition(), _ -> new ArrayList<>())
                            .add(record.value());
                    missing.remove(record.value());
                }
                return missing.isEmpty();
            });
        }
        assertThat(found).hasSize(PARTITIONS);
        assertThat(found.values())
                .allSatisfy(numbers -> assertThat(numbers).isSorted().doesNotHaveDuplicates());
    }

    /** One producer as it comes, that sends number after number until it is stopped. */
    private static final class Load implements AutoCloseable {
        private final Queue<Long> acknowledged = new ConcurrentLinkedQueue<>();
        private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();
        private final KafkaProducer<Void, Long> producer;
        private final Thread sender = new Thread(this::send);
        private volatile boolean over;

        Load(String bootstrap) {
            producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", bootstrap, "acks", "all"), new VoidSerializer(), new LongSerializer());
            sender.start();
        }

        private void send() {
            for (long value = 0; !over; value++) {
                long sent = value;
                producer.send(new ProducerRecord<>(TOPIC, (int) (value % PARTITIONS), null, value), (_, failure) -> {
                    if (failure == null) {
                        acknowledged.add(sent);
                    } else {
                        failures.add(failure);
                    }
                });
                LockSupport.parkNanos(2_000_000);
            }
        }

        void awaitMore(int records) {
            int before = acknowledged.size();
            await().atMost(SOON).until(() -> acknowledged.size() >= before + records);
        }

        void stop() {
            over = true;
            await().atMost(SOON).until(() -> !sender.isAlive());
            producer.flush();
            producer.close(Duration.ofSeconds(5));
        }

        @Override
        public void close() {
            over = true;
            producer.close(Duration.ZERO);
        }
    }
}
