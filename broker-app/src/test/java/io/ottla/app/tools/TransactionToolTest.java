package io.ottla.app.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ottla.app.BrokerMake;
import io.ottla.app.LostTransaction;
import io.ottla.app.ThreeBrokers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Transactions that brokers of Kafka 3.9 have left open, one of them known to no coordinator, as {@code
 * kafka-transactions.sh} and their producers find them when Ottla has taken over disks and ZooKeeper.
 */
@Tag("full")
class TransactionToolTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final TopicPartition STUCK = new TopicPartition("stuck", 0);
    private static final TopicPartition PAYMENTS = new TopicPartition("payments", 1);
    private static final String LOST_PRODUCER = "4242";

    @TempDir
    Path folder;

    private ThreeBrokers brokers;

    @Test
    void shouldEndWhatKafkaHasLeftOpen() throws Exception {
        try (ThreeBrokers cluster = ThreeBrokers.start(
                folder,
                BrokerMake.KAFKA_ON_ZOOKEEPER,
                "offsets.topic.replication.factor=3",
                "offsets.topic.num.partitions=5",
                "transaction.state.log.num.partitions=5",
                // As before KIP-890, so that a transaction can get lost.
                "transaction.partition.verification.enable=false",
                "zookeeper.session.timeout.ms=6000")) {
            brokers = cluster;
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()));
                    KafkaProducer<String, String> settled = producer("pay-0");
                    KafkaProducer<String, String> patient = producer("pay-1");
                    KafkaProducer<String, String> doomed = producer("pay-2")) {
                // given  what Kafka has of transactions that ended, are open, and lost
                leave(admin, settled, patient, doomed);
                cluster.stopAll();

                // when   its disks are Ottla's
                cluster.startAll(BrokerMake.OTTLA);

                // then   the coordinators know what was theirs
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(said("list"))
                                .containsPattern("pay-0\\s+\\d+\\s+\\d+\\s+CompleteCommit")
                                .containsPattern("pay-1\\s+\\d+\\s+\\d+\\s+Ongoing")
                                .containsPattern("pay-2\\s+\\d+\\s+\\d+\\s+Ongoing"));
                assertThat(said("describe", "--transactional-id", "pay-1")).contains("payments-1", "Ongoing");
                shouldEndTheLostOne(admin);
                shouldEndTheOthers(admin, settled, patient, doomed);
            }
        }
    }

    private void leave(
            Admin admin,
            KafkaProducer<String, String> settled,
            KafkaProducer<String, String> patient,
            KafkaProducer<String, String> doomed)
            throws Exception {
        admin.createTopics(List.of(new NewTopic("payments", 2, (short) 3), new NewTopic("stuck", 1, (short) 3)))
                .all()
                .get();
        settled.initTransactions();
        settled.beginTransaction();
        settled.send(new ProducerRecord<>("payments", 1, "k", "settled")).get();
        settled.sendOffsetsToTransaction(Map.of(STUCK, new OffsetAndMetadata(1)), group());
        settled.commitTransaction();
        patient.initTransactions();
        patient.beginTransaction();
        patient.send(new ProducerRecord<>("payments", 1, "k", "patient")).get();
        patient.sendOffsetsToTransaction(Map.of(STUCK, new OffsetAndMetadata(2)), group());
        doomed.initTransactions();
        doomed.beginTransaction();
        doomed.send(new ProducerRecord<>("payments", 1, "k", "doomed")).get();
        int leader = admin.describeTopics(List.of("stuck"))
                .allTopicNames()
                .get()
                .get("stuck")
                .partitions()
                .getFirst()
                .leader()
                .id();
        LostTransaction.write(brokers.address(leader), "stuck", 0, Long.parseLong(LOST_PRODUCER));
    }

    private void shouldEndTheLostOne(Admin admin) throws Exception {
        assertThat(said("describe-producers", "--topic", "stuck", "--partition", "0"))
                .contains(LOST_PRODUCER);
        assertThat(said("find-hanging", "--topic", "payments", "--max-transaction-timeout", "0"))
                .doesNotContain("payments");
        assertThat(said("find-hanging", "--topic", "stuck", "--max-transaction-timeout", "0"))
                .contains(LOST_PRODUCER);
        assertThat(stable(admin, STUCK)).isZero();

        // when
        said("abort", "--topic", "stuck", "--partition", "0", "--start-offset", "0");

        // then   readers go on
        assertThat(stable(admin, STUCK)).isEqualTo(2);
        for (String broker : List.of("1", "2", "3")) {
            assertThat(said("find-hanging", "--broker-id", broker, "--max-transaction-timeout", "0"))
                    .doesNotContain(LOST_PRODUCER);
        }
    }

    private void shouldEndTheOthers(
            Admin admin,
            KafkaProducer<String, String> settled,
            KafkaProducer<String, String> patient,
            KafkaProducer<String, String> doomed)
            throws Exception {
        // when   the producer of one goes on, and the other is given up
        patient.commitTransaction();
        said("forceTerminateTransaction", "--transactionalId", "pay-2");

        // then
        assertThatThrownBy(doomed::commitTransaction).isInstanceOf(KafkaException.class);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(said("list"))
                        .containsPattern("pay-1\\s+\\d+\\s+\\d+\\s+CompleteCommit")
                        .containsPattern("pay-2\\s+\\d+\\s+\\d+\\s+(CompleteAbort|Empty)"));
        assertThat(committed(admin)).isEqualTo(2);
        settled.beginTransaction();
        settled.send(new ProducerRecord<>("payments", 1, "k", "settled again")).get();
        settled.commitTransaction();
        assertThat(read(3)).containsExactly("settled", "patient", "settled again");
    }

    private KafkaProducer<String, String> producer(String id) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        brokers.bootstrap(),
                        "transactional.id",
                        id,
                        "transaction.timeout.ms",
                        900_000),
                new StringSerializer(),
                new StringSerializer());
    }

    private ConsumerGroupMetadata group() {
        try (KafkaConsumer<String, String> consumer = consumer()) {
            return consumer.groupMetadata();
        }
    }

    private KafkaConsumer<String, String> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        brokers.bootstrap(),
                        "group.id",
                        "payers",
                        "isolation.level",
                        "read_committed",
                        "enable.auto.commit",
                        "false"),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private List<String> read(int count) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = consumer()) {
            consumer.assign(List.of(PAYMENTS));
            consumer.seekToBeginning(List.of(PAYMENTS));
            await().atMost(SOON).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
                return values.size() >= count;
            });
        }
        return values;
    }

    private static long committed(Admin admin) throws Exception {
        return admin.listConsumerGroupOffsets("payers")
                .partitionsToOffsetAndMetadata()
                .get()
                .get(STUCK)
                .offset();
    }

    private static long stable(Admin admin, TopicPartition partition) throws Exception {
        return admin.listOffsets(
                        Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .partitionResult(partition)
                .get()
                .offset();
    }

    private String said(String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("../bin/kafka-transactions.sh", "--bootstrap-server", brokers.bootstrap()));
        command.addAll(List.of(arguments));
        String said = Said.by(command, "").all();
        assertThat(said).endsWith("exit 0");
        return said;
    }
}
