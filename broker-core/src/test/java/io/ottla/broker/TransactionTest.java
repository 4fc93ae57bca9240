package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ottla.metrics.Movement;
import io.ottla.metrics.Moves;
import io.ottla.oracle.Wire;
import io.ottla.zookeeper.TestingZooKeeper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real transactional producers and readers of committed records on a real broker. */
final class TransactionTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @AutoClose
    private final TestingZooKeeper zooKeeper = new TestingZooKeeper();

    private TestingBroker start() throws Exception {
        return new TestingBroker(
                zooKeeper.address(),
                folder.resolve("logs"),
                Map.of(
                        "group.initial.rebalance.delay.ms", "0",
                        "offsets.topic.num.partitions", "2",
                        "transaction.state.log.num.partitions", "2",
                        "transaction.abort.timed.out.transaction.cleanup.interval.ms", "100"));
    }

    private static void create(Admin admin, String... topics) throws Exception {
        List<NewTopic> all = new ArrayList<>();
        for (String topic : topics) {
            all.add(new NewTopic(topic, 2, (short) 1));
        }
        admin.createTopics(all).all().get();
    }

    /** Switches what the cluster's software knows of transactions. */
    private static void level(Admin admin, int version) throws Exception {
        admin.updateFeatures(
                        Map.of(
                                "transaction.version",
                                new FeatureUpdate(
                                        (short) version,
                                        version < 2
                                                ? FeatureUpdate.UpgradeType.UNSAFE_DOWNGRADE
                                                : FeatureUpdate.UpgradeType.UPGRADE)),
                        new UpdateFeaturesOptions())
                .all()
                .get();
    }

    private static KafkaProducer<byte[], byte[]> producer(TestingBroker ottla, String id) {
        return producer(ottla, id, Map.of());
    }

    private static KafkaProducer<byte[], byte[]> producer(TestingBroker ottla, String id, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("transactional.id", id);
        KafkaProducer<byte[], byte[]> producer = ottla.producer(settings);
        producer.initTransactions();
        return producer;
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, String topic, int partition, String value) {
        producer.send(new ProducerRecord<>(topic, partition, null, value.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> read(TestingBroker ottla, String isolation, String topic, int count) {
        try (KafkaConsumer<byte[], byte[]> consumer = ottla.consumer(Map.of("isolation.level", isolation))) {
            List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
            consumer.assign(partitions);
            List<String> values = new ArrayList<>();
            for (int i = 0; i < 50 && values.size() < count; i++) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(300))) {
                    values.add(new String(record.value(), StandardCharsets.UTF_8));
                }
            }
            return values;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void shouldShowWhatCountsAndNothingElse(int version) throws Exception {
        try (TestingBroker ottla = start();
                Admin admin = ottla.admin()) {
            // given
            create(admin, "t");
            if (version != 2) {
                level(admin, version);
            }
            // when   one transaction is committed, one is aborted, and the next committed
            try (KafkaProducer<byte[], byte[]> producer = producer(ottla, "writer")) {
                for (int i = 0; i < 10; i++) {
                    producer.beginTransaction();
                    send(producer, "t", 0, "a" + i);
                    send(producer, "t", 1, "b" + i);
                    if (i % 3 == 1) {
                        producer.flush();
                        producer.abortTransaction();
                    } else {
                        producer.commitTransaction();
                    }
                }
            }
            // then
            Set<String> counted =
                    Set.of("a0", "b0", "a2", "b2", "a3", "b3", "a5", "b5", "a6", "b6", "a8", "b8", "a9", "b9");
            assertThat(read(ottla, "read_committed", "t", 14)).containsExactlyInAnyOrderElementsOf(counted);
            assertThat(read(ottla, "read_uncommitted", "t", 20)).hasSize(20);
        }
    }

    @Test
    @Moves({
        "kafka_server_transaction_coordinator_metrics_partition_load_time_avg",
        "kafka_server_transaction_coordinator_metrics_partition_load_time_max"
    })
    void shouldHoldReadersOfCommittedRecordsBackUntilTheEndIsKnown(Movement movement) throws Exception {
        try (TestingBroker ottla = start();
                Admin admin = ottla.admin()) {
            movement.watch(ottla.metrics());
            // given  an open transaction in one partition
            create(admin, "t", "other");
            try (KafkaProducer<byte[], byte[]> producer = producer(ottla, "writer");
                    KafkaProducer<byte[], byte[]> free = ottla.producer(Map.of())) {
                producer.beginTransaction();
                send(producer, "t", 0, "open");
                producer.flush();
                send(free, "t", 0, "behind");
                send(free, "t", 1, "beside");
                free.flush();
                // then   only what is behind it is held back
                assertThat(read(ottla, "read_committed", "t", 1)).containsExactly("beside");
                // then   it can be seen
                TransactionListing listing =
                        admin.listTransactions().all().get().iterator().next();
                assertThat(listing.transactionalId()).isEqualTo("writer");
                assertThat(listing.state()).isEqualTo(TransactionState.ONGOING);
                TransactionDescription described = admin.describeTransactions(List.of("writer"))
                        .description("writer")
                        .get();
                assertThat(described.topicPartitions()).containsExactly(new TopicPartition("t", 0));
                assertThat(admin.listTransactions(new ListTransactionsOptions().filterOnDuration(3_600_000))
                                .all()
                                .get())
                        .isEmpty();
                assertThat(admin.listTransactions(new ListTransactionsOptions().filterOnTransactionalIdPattern("w.*"))
                                .all()
                                .get())
                        .hasSize(1);
                // when
                producer.commitTransaction();
            }
            assertThat(read(ottla, "read_committed", "t", 3)).contains("open", "behind", "beside");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void shouldFenceWhoeverHadTheId(int version) throws Exception {
        try (TestingBroker ottla = start();
                Admin admin = ottla.admin()) {
            create(admin, "t");
            level(admin, version);
            KafkaProducer<byte[], byte[]> first = producer(ottla, "writer");
            first.beginTransaction();
            send(first, "t", 0, "lost");
            first.flush();
            // when   another comes with the same id
            try (KafkaProducer<byte[], byte[]> second = producer(ottla, "writer")) {
                second.beginTransaction();
                send(second, "t", 0, "kept");
                second.commitTransaction();
            }
            // then
            assertThatThrownBy(() -> {
                        send(first, "t", 0, "late");
                        first.commitTransaction();
                    })
                    .isInstanceOfAny(ProducerFencedException.class, InvalidProducerEpochException.class);
            first.close(Duration.ZERO);
            assertThat(read(ottla, "read_committed", "t", 1)).containsExactly("kept");
        }
    }

    @Test
    void shouldAbortWhatIsOpenForTooLong() throws Exception {
        try (TestingBroker ottla = start();
                Admin admin = ottla.admin()) {
            create(admin, "t");
            KafkaProducer<byte[], byte[]> producer = producer(ottla, "slow", Map.of("transaction.timeout.ms", 500));
            producer.beginTransaction();
            send(producer, "t", 0, "lost");
            producer.flush();
            // then
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(admin.describeTransactions(List.of("slow"))
                                    .description("slow")
                                    .get()
                                    .state())
                            .isEqualTo(TransactionState.COMPLETE_ABORT));
            assertThatThrownBy(producer::commitTransaction).isNotNull();
            producer.close(Duration.ZERO);
            assertThat(ottla.level("kafka_server_transaction_coordinator_metrics_transactional_id_count"))
                    .isEqualTo(1);
            // then   whoever comes next goes on
            try (KafkaProducer<byte[], byte[]> next = producer(ottla, "slow")) {
                next.beginTransaction();
                send(next, "t", 0, "kept");
                next.commitTransaction();
            }
            assertThat(read(ottla, "read_committed", "t", 1)).containsExactly("kept");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void shouldMoveOffsetsAndOutputTogether(int version) throws Exception {
        try (TestingBroker ottla = start();
                Admin admin = ottla.admin()) {
            create(admin, "in", "out");
            level(admin, version);
            try (KafkaProducer<byte[], byte[]> plain = ottla.producer(Map.of())) {
                for (int i = 0; i < 20; i++) {
                    send(plain, "in", 0, "v" + i);
                }
            }
            TopicPartition in = new TopicPartition("in", 0);
            try (KafkaProducer<byte[], byte[]> producer = producer(ottla, "copier")) {
                for (int i = 0; i < 20; i++) {
                    producer.beginTransaction();
                    send(producer, "out", 0, "v" + i);
                    producer.sendOffsetsToTransaction(Map.of(in, new OffsetAndMetadata(i + 1)), group(ottla));
                    if (i % 2 == 0) {
                        producer.commitTransaction();
                    } else {
                        // then   what is open does not count, and who wants to be sure is told so
                        assertThat(committed(admin, in)).isEqualTo(i);
                        producer.abortTransaction();
                    }
                }
            }
            // then
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(committed(admin, in)).isEqualTo(19));
            assertThat(read(ottla, "read_committed", "out", 10))
                    .hasSize(10)
                    .contains("v0", "v18")
                    .doesNotContain("v1");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldNotBringBackWhatWasDeletedMeanwhile(boolean withItsGroup) throws Exception {
        TopicPartition in = new TopicPartition("in", 0);
        try (TestingBroker ottla = start()) {
            try (Admin admin = ottla.admin();
                    KafkaProducer<byte[], byte[]> producer = producer(ottla, "copier")) {
                // given
                create(admin, "in");
                producer.beginTransaction();
                producer.sendOffsetsToTransaction(Map.of(in, new OffsetAndMetadata(7)), group(ottla));
                // when   an operator deletes what is not committed yet
                if (withItsGroup) {
                    admin.deleteConsumerGroups(List.of("copiers")).all().get();
                } else {
                    admin.deleteConsumerGroupOffsets("copiers", Set.of(in))
                            .all()
                            .get();
                }
                assertThat(committed(admin, in)).isEqualTo(-1);
                producer.commitTransaction();
                // then
                assertThat(committed(admin, in)).isEqualTo(-1);
            }
        }
        try (TestingBroker ottla = start();
                Admin admin = ottla.admin()) {
            assertThat(committed(admin, in)).isEqualTo(-1);
        }
    }

    @Test
    void shouldAnswerOnceWhatIsNamedManyTimes() throws Exception {
        try (TestingBroker ottla = start();
                Admin admin = ottla.admin();
                KafkaProducer<byte[], byte[]> producer = producer(ottla, "writer");
                Wire wire = new Wire(ottla.broker().listeners().getFirst().port())) {
            create(admin, "t");
            producer.beginTransaction();
            send(producer, "t", 0, "v");
            producer.flush();
            // when
            DescribeProducersRequestData.TopicRequestCollection topics =
                    new DescribeProducersRequestData.TopicRequestCollection();
            topics.mustAdd(new DescribeProducersRequestData.TopicRequest()
                    .setName("t")
                    .setPartitionIndexes(Collections.nCopies(2_000, 0)));
            DescribeProducersResponseData producers = (DescribeProducersResponseData) wire.ask(
                    ApiKeys.DESCRIBE_PRODUCERS, (short) 0, new DescribeProducersRequestData().setTopics(topics));
            DescribeTransactionsResponseData transactions = (DescribeTransactionsResponseData) wire.ask(
                    ApiKeys.DESCRIBE_TRANSACTIONS,
                    (short) 0,
                    new DescribeTransactionsRequestData().setTransactionalIds(Collections.nCopies(2_000, "writer")));
            // then
            assertThat(producers.topics().getFirst().partitions()).hasSize(1);
            assertThat(producers.topics().getFirst().partitions().getFirst().activeProducers())
                    .hasSize(1);
            assertThat(transactions.transactionStates()).hasSize(1);
        }
    }

    /** As somebody in no generation says it. */
    private static ConsumerGroupMetadata group(TestingBroker ottla) {
        try (KafkaConsumer<byte[], byte[]> consumer = ottla.consumer(Map.of("group.id", "copiers"))) {
            return consumer.groupMetadata();
        }
    }

    private static long committed(Admin admin, TopicPartition partition) throws Exception {
        OffsetAndMetadata offset = admin.listConsumerGroupOffsets("copiers")
                .partitionsToOffsetAndMetadata()
                .get()
                .get(partition);
        return offset == null ? -1 : offset.offset();
    }

    @Test
    void shouldGoOnAfterARestart() throws Exception {
        // given  an open transaction with offsets
        KafkaProducer<byte[], byte[]> producer;
        TopicPartition in = new TopicPartition("t", 1);
        try (TestingBroker ottla = start();
                Admin admin = ottla.admin()) {
            create(admin, "t");
            producer = producer(ottla, "writer");
            producer.beginTransaction();
            send(producer, "t", 0, "open");
            producer.sendOffsetsToTransaction(Map.of(in, new OffsetAndMetadata(7)), group(ottla));
            producer.flush();
        }
        producer.close(Duration.ZERO);
        try (TestingBroker ottla = start();
                Admin admin = ottla.admin()) {
            // then
            await().atMost(LONG)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(admin.describeTransactions(List.of("writer"))
                                    .description("writer")
                                    .get()
                                    .state())
                            .isEqualTo(TransactionState.ONGOING));
            // when   its successor comes
            try (KafkaProducer<byte[], byte[]> next = producer(ottla, "writer")) {
                next.beginTransaction();
                send(next, "t", 0, "kept");
                next.sendOffsetsToTransaction(Map.of(in, new OffsetAndMetadata(8)), group(ottla));
                next.commitTransaction();
            }
            // then
            assertThat(read(ottla, "read_committed", "t", 1)).containsExactly("kept");
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(committed(admin, in)).isEqualTo(8));
        }
    }

    @Test
    void shouldEndATransactionThatHangs() throws Exception {
        try (TestingBroker ottla = start();
                Admin admin = ottla.admin()) {
            create(admin, "t");
            TopicPartition partition = new TopicPartition("t", 0);
            try (KafkaProducer<byte[], byte[]> producer = producer(ottla, "writer")) {
                producer.beginTransaction();
                send(producer, "t", 0, "lost");
                producer.flush();
                ProducerState state = admin.describeProducers(List.of(partition))
                        .partitionResult(partition)
                        .get()
                        .activeProducers()
                        .getFirst();
                // when   an operator ends it in that partition
                admin.abortTransaction(new AbortTransactionSpec(
                                partition, state.producerId(), (short) state.producerEpoch(), 0))
                        .all()
                        .get();
            }
            // then   nobody waits for it
            try (KafkaProducer<byte[], byte[]> plain = ottla.producer(Map.of())) {
                send(plain, "t", 0, "behind");
            }
            assertThat(read(ottla, "read_committed", "t", 1)).containsExactly("behind");
        }
    }
}
