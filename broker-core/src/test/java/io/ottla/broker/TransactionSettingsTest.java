package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What settings of transactions do. */
final class TransactionSettingsTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private static KafkaProducer<byte[], byte[]> producer(TestingCluster cluster, String id, int timeoutMs) {
        return cluster.producer(Map.of("transactional.id", id, "transaction.timeout.ms", timeoutMs));
    }

    private static void write(KafkaProducer<byte[], byte[]> producer) {
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("t", new byte[1]));
        producer.flush();
    }

    @Test
    void shouldMakeTheTopicAsSaid() throws Exception {
        try (TestingCluster cluster = new TestingCluster(
                        folder,
                        2,
                        Map.of(
                                "transaction.state.log.num.partitions", "3",
                                "transaction.state.log.replication.factor", "2",
                                "transaction.state.log.min.isr", "2",
                                "transaction.state.log.segment.bytes", "1048576",
                                "transaction.state.log.load.buffer.size", "1",
                                "unclean.leader.election.enable", "true"));
                Admin admin = cluster.admin()) {
            // given
            admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
            try (KafkaProducer<byte[], byte[]> producer = producer(cluster, "writer", 60_000)) {
                write(producer);
                producer.commitTransaction();
            }
            // then
            ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "__transaction_state");
            Config config = admin.describeConfigs(List.of(topic)).all().get().get(topic);
            assertThat(config.get("min.insync.replicas").value()).isEqualTo("2");
            assertThat(config.get("segment.bytes").value()).isEqualTo("1048576");
            assertThat(config.get("cleanup.policy").value()).isEqualTo("compact");
            assertThat(config.get("unclean.leader.election.enable").value()).isEqualTo("false");
            assertThat(admin.describeTopics(List.of("__transaction_state"))
                            .allTopicNames()
                            .get()
                            .get("__transaction_state")
                            .partitions())
                    .hasSize(3)
                    .allSatisfy(partition -> assertThat(partition.replicas()).hasSize(2));
            // when   what was written is loaded again, in parts as small as can be
            cluster.stop(1);
            cluster.start(1, Map.of());
            // then
            await().atMost(LONG)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(admin.describeTransactions(List.of("writer"))
                                    .description("writer")
                                    .get()
                                    .state())
                            .isEqualTo(TransactionState.COMPLETE_COMMIT));
        }
    }

    @Test
    void shouldEndAndForgetWhenTheTimeIsUp() throws Exception {
        try (TestingCluster cluster = new TestingCluster(
                        folder,
                        1,
                        Map.of(
                                "transaction.max.timeout.ms", "60000",
                                "transactional.id.expiration.ms", "1500",
                                "transaction.abort.timed.out.transaction.cleanup.interval.ms", "50",
                                "transaction.remove.expired.transaction.cleanup.interval.ms", "50"));
                Admin admin = cluster.admin()) {
            admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
            // when   more time is asked for than there is, then   that is refused
            try (KafkaProducer<byte[], byte[]> producer = producer(cluster, "patient", 60_001)) {
                assertThatThrownBy(producer::initTransactions).hasMessageContaining("transaction.max.timeout.ms");
            }
            // when   one takes longer than it asked for
            KafkaProducer<byte[], byte[]> producer = producer(cluster, "slow", 100);
            write(producer);
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(cluster.broker(1)
                                    .count("kafka_server_transaction_coordinator_metrics_transaction_timeout_total"))
                            .isEqualTo(1));
            producer.close(Duration.ZERO);
            // then   it is ended, and the id is forgotten when nobody has used it for long
            await().atMost(LONG)
                    .untilAsserted(() -> assertThatThrownBy(() -> admin.describeTransactions(List.of("slow"))
                                    .description("slow")
                                    .get())
                            .isInstanceOf(ExecutionException.class)
                            .hasCauseInstanceOf(TransactionalIdNotFoundException.class));
        }
    }
}
