package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.oracle.Wire;
import io.ottla.zookeeper.TestingZooKeeper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ten thousand producers that have each begun a transaction and not ended it: only their partition waits for them. */
final class OpenTransactionsTest {
    private static final int PRODUCERS = 10_000;
    private static final int CONNECTIONS = 4;
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final TopicPartition SHARED = new TopicPartition("shared", 0);
    private static final TopicPartition OTHER = new TopicPartition("shared", 1);

    @TempDir
    Path folder;

    @AutoClose
    private final TestingZooKeeper zooKeeper = new TestingZooKeeper();

    private final long[] ids = new long[PRODUCERS];
    private final short[] epochs = new short[PRODUCERS];

    private TestingBroker start() throws Exception {
        return new TestingBroker(
                zooKeeper.address(),
                folder.resolve("logs"),
                Map.of(
                        "transaction.state.log.num.partitions", "3",
                        "transaction.max.timeout.ms", "900000"));
    }

    @Test
    void shouldHoldUpNobodyElseAndEndEachAsItsProducerSays() throws Exception {
        try (TestingBroker ottla = start();
                Admin admin = ottla.admin()) {
            // given
            admin.createTopics(List.of(new NewTopic("shared", 2, (short) 1)))
                    .all()
                    .get();
            awaitCoordinators(ottla);
            // when
            onEach(ottla, this::begin);
            // then   who reads what is committed gets nothing there, and everything elsewhere
            write(ottla, OTHER, "plain");
            assertThat(read(ottla, OTHER, 1)).containsExactly("plain");
            write(ottla, SHARED, "behind");
            assertThat(committedEnd(ottla)).isZero();
            assertThat(open(admin)).isEqualTo(PRODUCERS);
        }
        // when   the broker starts anew, and half of them commit what half of them take back
        try (TestingBroker ottla = start();
                Admin admin = ottla.admin()) {
            awaitCoordinators(ottla);
            assertThat(open(admin)).isEqualTo(PRODUCERS);
            onEach(ottla, this::end);
            // then
            Set<String> expected = IntStream.range(0, PRODUCERS)
                    .filter(OpenTransactionsTest::commits)
                    .mapToObj(i -> "v" + i)
                    .collect(Collectors.toCollection(HashSet::new));
            expected.add("behind");
            assertThat(read(ottla, SHARED, expected.size()))
                    .hasSize(expected.size())
                    .containsExactlyInAnyOrderElementsOf(expected);
            await().atMost(LONG).until(() -> open(admin) == 0);
        }
    }

    private static boolean commits(int producer) {
        return producer % 2 == 0;
    }

    private interface Turn {
        void of(Wire wire, int producer) throws Exception;
    }

    private static void onEach(TestingBroker ottla, Turn turn) throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(CONNECTIONS)) {
            List<Future<?>> all = new ArrayList<>();
            for (int from = 0; from < CONNECTIONS; from++) {
                int first = from;
                all.add(pool.submit(() -> {
                    try (Wire wire =
                            new Wire(ottla.broker().listeners().getFirst().port())) {
                        for (int i = first; i < PRODUCERS; i += CONNECTIONS) {
                            turn.of(wire, i);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    private void begin(Wire wire, int producer) throws Exception {
        InitProducerIdRequestData init = new InitProducerIdRequestData()
                .setTransactionalId(id(producer))
                .setTransactionTimeoutMs(900_000)
                .setProducerId(-1)
                .setProducerEpoch((short) -1);
        InitProducerIdResponseData begun =
                (InitProducerIdResponseData) wire.ask(ApiKeys.INIT_PRODUCER_ID, (short) 5, init);
        assertThat(Errors.forCode(begun.errorCode())).isEqualTo(Errors.NONE);
        ids[producer] = begun.producerId();
        epochs[producer] = begun.producerEpoch();
        MemoryRecords records = MemoryRecords.withTransactionalRecords(
                Compression.NONE,
                begun.producerId(),
                begun.producerEpoch(),
                0,
                new SimpleRecord(("v" + producer).getBytes(StandardCharsets.UTF_8)));
        ProduceRequestData write = new ProduceRequestData()
                .setTransactionalId(id(producer))
                .setAcks((short) -1)
                .setTimeoutMs(30_000)
                .setTopicData(new TopicProduceDataCollection(List.of(new TopicProduceData()
                                .setName(SHARED.topic())
                                .setPartitionData(List.of(new PartitionProduceData()
                                        .setIndex(SHARED.partition())
                                        .setRecords(records))))
                        .iterator()));
        ProduceResponseData written = (ProduceResponseData) wire.ask(ApiKeys.PRODUCE, (short) 12, write);
        assertThat(Errors.forCode(written.responses()
                        .iterator()
                        .next()
                        .partitionResponses()
                        .getFirst()
                        .errorCode()))
                .isEqualTo(Errors.NONE);
    }

    private void end(Wire wire, int producer) throws Exception {
        EndTxnRequestData end = new EndTxnRequestData()
                .setTransactionalId(id(producer))
                .setProducerId(ids[producer])
                .setProducerEpoch(epochs[producer])
                .setCommitted(commits(producer));
        EndTxnResponseData ended = (EndTxnResponseData) wire.ask(ApiKeys.END_TXN, (short) 5, end);
        assertThat(Errors.forCode(ended.errorCode())).isEqualTo(Errors.NONE);
    }

    /** Until the topic of transactions is there, and all of it is loaded. */
    private static void awaitCoordinators(TestingBroker ottla) throws Exception {
        try (Wire wire = new Wire(ottla.broker().listeners().getFirst().port())) {
            FindCoordinatorRequestData find =
                    new FindCoordinatorRequestData().setKey("any").setKeyType((byte) 1);
            await().atMost(LONG)
                    .until(() -> ((FindCoordinatorResponseData) wire.ask(ApiKeys.FIND_COORDINATOR, (short) 3, find))
                                    .errorCode()
                            == 0);
            await().atMost(LONG)
                    .until(() -> ((ListTransactionsResponseData) wire.ask(
                                            ApiKeys.LIST_TRANSACTIONS, (short) 0, new ListTransactionsRequestData()))
                                    .errorCode()
                            == 0);
        }
    }

    private static String id(int producer) {
        return "producer-" + producer;
    }

    private static long open(Admin admin) throws Exception {
        return admin.listTransactions(new ListTransactionsOptions()
                        .filterStates(Set.of(
                                TransactionState.ONGOING,
                                TransactionState.PREPARE_COMMIT,
                                TransactionState.PREPARE_ABORT)))
                .all()
                .get()
                .size();
    }

    private static void write(TestingBroker ottla, TopicPartition to, String value) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = ottla.producer(Map.of())) {
            producer.send(new ProducerRecord<>(
                            to.topic(), to.partition(), null, value.getBytes(StandardCharsets.UTF_8)))
                    .get();
        }
    }

    private static long committedEnd(TestingBroker ottla) {
        try (KafkaConsumer<byte[], byte[]> consumer = ottla.consumer(Map.of("isolation.level", "read_committed"))) {
            return consumer.endOffsets(List.of(SHARED)).get(SHARED);
        }
    }

    private static List<String> read(TestingBroker ottla, TopicPartition from, int count) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = ottla.consumer(Map.of("isolation.level", "read_committed"))) {
            consumer.assign(List.of(from));
            await().atMost(LONG).until(() -> {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    values.add(new String(record.value(), StandardCharsets.UTF_8));
                }
                return values.size() >= count;
            });
        }
        return values;
    }
}
