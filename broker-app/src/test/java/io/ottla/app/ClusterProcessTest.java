package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.LongSerializer;
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

    @TempDir
    Path folder;

    private ThreeBrokers brokers;

    @BeforeEach
    void startThree() throws Exception {
        brokers = ThreeBrokers.start(folder);
    }

    @AfterEach
    void endAll() {
        brokers.close();
    }

    @Test
    void shouldLoseNothingWhenItsBrokersAreKilledOneAfterTheOther() throws Exception {
        ReplicatedTopic topic = ReplicatedTopic.create(brokers, TOPIC, 1, List.of(1, 2, 3));
        try (Load load = new Load(brokers.bootstrap())) {
            for (int round = 0; round < 2; round++) {
                // given  a steady flow of records that all in-sync replicas acknowledge
                load.awaitMore(200);

                // when   the leader is killed
                int leader = topic.leader();
                brokers.kill(leader);

                // then   another leads, and the flow goes on
                load.awaitMore(200);

                // and    the killed one comes back into the in-sync set
                brokers.start(leader);
                topic.awaitInSync(Set.of(1, 2, 3));
            }
            // and    nothing that was acknowledged is missing, twice, or out of order
            load.stop();
            topic.assertKept(load.acknowledged);
            assertThat(load.failures).isEmpty();
        }
    }

    @Test
    void shouldComeBackByItselfWhenAllAreKilled() throws Exception {
        ReplicatedTopic topic = ReplicatedTopic.create(brokers, TOPIC, 1, List.of(2, 3, 1));
        try (Load load = new Load(brokers.bootstrap())) {
            load.awaitMore(200);

            // when   all die at once, in the midst of it
            brokers.killAll();
            load.stop();
            brokers.startAll();

            // then   the partition has a leader and all replicas, and what was acknowledged
            topic.awaitInSync(Set.of(1, 2, 3));
            topic.assertKept(load.acknowledged);
        }
    }

    @Test
    @Tag("full")
    void shouldFailNoProduceInARollingRestart() throws Exception {
        ReplicatedTopic topic = ReplicatedTopic.create(brokers, TOPIC, 1, List.of(1, 2, 3));
        try (Load load = new Load(brokers.bootstrap())) {
            for (int id = 1; id <= 3; id++) {
                // given  a steady flow, by a client as it comes
                load.awaitMore(200);

                // when   one broker after the other stops in order and starts again
                brokers.broker(id).terminate();
                brokers.broker(id).exitCode(SOON);
                brokers.start(id);
                topic.awaitInSync(Set.of(1, 2, 3));
            }
            load.awaitMore(200);

            // then   no produce has failed, and nothing is missing, twice, or out of order
            load.stop();
            assertThat(load.failures).isEmpty();
            topic.assertKept(load.acknowledged);
        }
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
