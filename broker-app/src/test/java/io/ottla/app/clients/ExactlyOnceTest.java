package io.ottla.app.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.app.BrokerMake;
import io.ottla.app.ThreeBrokers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Applications that read, work and write in transactions, each in a process of its own, of which some are killed, as are
 * brokers: what readers of committed records find in the end counts everything once.
 */
@Tag("full")
class ExactlyOnceTest {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final List<String> WORDS =
            List.of("the", "river", "carries", "what", "it", "was", "given", "and", "nothing", "more", "ottla");

    @TempDir
    static Path folder;

    private static ThreeBrokers brokers;
    private static Admin admin;

    @BeforeAll
    static void start() throws Exception {
        brokers = ThreeBrokers.start(
                folder,
                BrokerMake.OTTLA,
                "default.replication.factor=3",
                "min.insync.replicas=2",
                "offsets.topic.num.partitions=4",
                "transaction.state.log.num.partitions=4",
                "group.initial.rebalance.delay.ms=0",
                // So that the members who were killed are not waited for.
                "group.consumer.min.session.timeout.ms=6000",
                "group.consumer.session.timeout.ms=6000",
                "group.consumer.min.heartbeat.interval.ms=1000",
                "group.consumer.heartbeat.interval.ms=1000",
                "zookeeper.session.timeout.ms=6000");
        admin = Admin.create(Map.of("bootstrap.servers", brokers.bootstrap()));
    }

    @AfterAll
    static void stop() {
        if (admin != null) {
            admin.close();
        }
        if (brokers != null) {
            brokers.close();
        }
    }

    @AfterEach
    void startWhatDoesNotRun() throws Exception {
        brokers.startMissing();
    }

    @Test
    void shouldCountEachWordOnce() throws Exception {
        TransactionLevel.set(admin, 2);
        create("text", 4);
        create("counts", 4);
        Path state = folder.resolve("state");
        try (Text text = new Text("text", 4)) {
            try (OwnProgram first = count(state)) {
                first.awaitMore("RUNNING", 1);
                text.awaitMore(100);

                // when   brokers are killed one after the other, those who coordinate first
                outlive(text, transactionCoordinator());
                outlive(text, groupCoordinator("words"));
                outlive(text, leader("counts", 0));
                awaitCommitted("words");
            }

            // and    the application too, with what it was about to commit, and a broker while it comes back
            text.awaitMore(100);
            try (OwnProgram second = count(state)) {
                brokers.kill(groupCoordinator("words"));
                second.awaitMore("RUNNING", 1);
                text.awaitMore(100);
                brokers.startMissing();
                outlive(text, leader("text", 1));
                text.stop();
                Map<String, Long> expected = text.words();

                // then   each word's counts are all there, one after the other
                await().atMost(LONG)
                        .pollInterval(Duration.ofSeconds(2))
                        .untilAsserted(() -> assertThat(lasts("counts")).isEqualTo(expected));
                Map<String, List<Long>> all = counts("counts");
                expected.forEach((word, times) -> assertThat(all.get(word))
                        .as(word)
                        .isEqualTo(LongStream.rangeClosed(1, times).boxed().toList()));
                assertThat(second.isAlive()).as(second.said()).isTrue();
                assertThat(second.said()).doesNotContain("failed");
            }
        }
    }

    private static OwnProgram count(Path state) throws Exception {
        return OwnProgram.start(
                folder, WordCount.class, brokers.bootstrap(), "words", state.toString(), "text", "counts");
    }

    /** Kills a broker under the flow, and starts it again. */
    private static void outlive(Text text, int broker) throws Exception {
        brokers.kill(broker);
        text.awaitMore(150);
        brokers.start(broker);
        text.awaitMore(50);
    }

    @ParameterizedTest
    @CsvSource({"classic, 2", "consumer, 2", "classic, 0"})
    void shouldCopyEachRecordOnce(String protocol, int level) throws Exception {
        // given
        TransactionLevel.set(admin, level);
        String name = protocol + "-" + level;
        String group = "copiers-" + name;
        String from = "from-" + name;
        String to = "to-" + name;
        create(from, 3);
        create(to, 3);
        try (Text text = new Text(from, 3)) {
            // when   the copier is killed ten times, and every other time a broker too, those who coordinate first
            for (int round = 0; round < 10; round++) {
                try (OwnProgram copier = copy(protocol, name)) {
                    copier.awaitMore("committed", 4);
                    if (round % 2 == 0) {
                        int broker = switch (round % 6) {
                            case 0 -> transactionCoordinator("copier-" + name);
                            case 2 -> groupCoordinator(group);
                            default -> leader(to, 0);
                        };
                        brokers.kill(broker);
                        copier.awaitMore("committed", 4);
                        brokers.start(broker);
                    }
                    copier.awaitMore("aborted", 1);
                }
            }

            // then   all is there once, and in order
            text.stop();
            try (OwnProgram copier = copy(protocol, name)) {
                await().atMost(LONG)
                        .pollInterval(Duration.ofSeconds(1))
                        .ignoreExceptions()
                        .untilAsserted(() -> {
                            assertThat(copier.isAlive()).as(copier.said()).isTrue();
                            assertThat(lag(group, from)).isZero();
                        });
            }
            Map<Integer, List<Long>> copied = new TreeMap<>();
            for (ConsumerRecord<Long, String> record : read(to, new LongDeserializer(), new StringDeserializer())) {
                copied.computeIfAbsent(record.partition(), none -> new ArrayList<>())
                        .add(record.key());
            }
            assertThat(copied).isEqualTo(text.numbers());
        }
    }

    private static OwnProgram copy(String protocol, String name) throws Exception {
        return OwnProgram.start(folder, Copier.class, brokers.bootstrap(), protocol, name);
    }

    private static void create(String topic, int partitions) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 3)))
                .all()
                .get();
    }

    private static int transactionCoordinator() throws Exception {
        return transactionCoordinator(admin.listTransactions().all().get().stream()
                .map(TransactionListing::transactionalId)
                .filter(id -> id.startsWith("words"))
                .findFirst()
                .orElseThrow());
    }

    private static int transactionCoordinator(String id) throws Exception {
        return admin.describeTransactions(List.of(id)).description(id).get().coordinatorId();
    }

    private static int groupCoordinator(String group) throws Exception {
        return admin.describeConsumerGroups(List.of(group))
                .describedGroups()
                .get(group)
                .get()
                .coordinator()
                .id();
    }

    private static int leader(String topic, int partition) throws Exception {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get()
                .get(topic)
                .partitions()
                .get(partition)
                .leader()
                .id();
    }

    /** Until the group has committed anything. */
    private static void awaitCommitted(String group) {
        await().atMost(LONG).ignoreExceptions().until(() -> !offsets(group).isEmpty());
    }

    private static Map<TopicPartition, OffsetAndMetadata> offsets(String group) throws Exception {
        return admin.listConsumerGroupOffsets(group, new ListConsumerGroupOffsetsOptions().requireStable(true))
                .partitionsToOffsetAndMetadata()
                .get();
    }

    /** How many records of a topic are behind what the group has read to, the markers of its writers aside. */
    private static long lag(String group, String topic) throws Exception {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> offsets = offsets(group);
        for (int partition = 0; partition < 3; partition++) {
            wanted.put(new TopicPartition(topic, partition), OffsetSpec.latest());
        }
        return admin.listOffsets(wanted).all().get().entrySet().stream()
                .mapToLong(end -> end.getValue().offset()
                        - (offsets.containsKey(end.getKey())
                                ? offsets.get(end.getKey()).offset()
                                : 0))
                .sum();
    }

    private static Map<String, Long> lasts(String topic) throws Exception {
        Map<String, Long> lasts = new TreeMap<>();
        counts(topic).forEach((word, counts) -> lasts.put(word, counts.getLast()));
        return lasts;
    }

    private static Map<String, List<Long>> counts(String topic) throws Exception {
        Map<String, List<Long>> counts = new TreeMap<>();
        for (ConsumerRecord<String, Long> record : read(topic, new StringDeserializer(), new LongDeserializer())) {
            counts.computeIfAbsent(record.key(), none -> new ArrayList<>()).add(record.value());
        }
        return counts;
    }

    /** All that is committed. */
    private static <K, V> List<ConsumerRecord<K, V>> read(String topic, Deserializer<K> keys, Deserializer<V> values)
            throws Exception {
        int partitions = admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get()
                .get(topic)
                .partitions()
                .size();
        List<TopicPartition> all = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        List<ConsumerRecord<K, V>> found = new ArrayList<>();
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                brokers.bootstrap(),
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest");
        try (KafkaConsumer<K, V> consumer = new KafkaConsumer<>(settings, keys, values)) {
            consumer.assign(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            while (all.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(200)).forEach(found::add);
            }
        }
        return found;
    }

    /** Numbered lines of chance words that are written all the time, some two hundred in a second, to partitions in turn. */
    private static final class Text implements AutoCloseable {
        private static final long BETWEEN_NS = 5_000_000;

        private final KafkaProducer<Long, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers.bootstrap()), new LongSerializer(), new StringSerializer());
        private final Map<Integer, List<Long>> numbers = new TreeMap<>();
        private final Map<String, Long> words = new TreeMap<>();
        private final ConcurrentLinkedQueue<Long> acknowledged = new ConcurrentLinkedQueue<>();
        private final ConcurrentLinkedQueue<Exception> failures = new ConcurrentLinkedQueue<>();
        private final String topic;
        private final int partitions;
        private final Thread writer;
        private volatile boolean over;

        Text(String topic, int partitions) {
            this.topic = topic;
            this.partitions = partitions;
            writer = Thread.ofPlatform().name("text").start(this::write);
        }

        private void write() {
            Random random = new Random(17);
            for (long number = 0; !over; number++) {
                int partition = (int) (number % partitions);
                List<String> line = IntStream.range(0, 5)
                        .mapToObj(word -> WORDS.get(random.nextInt(WORDS.size())))
                        .toList();
                line.forEach(word -> words.merge(word, 1L, Long::sum));
                numbers.computeIfAbsent(partition, none -> new ArrayList<>()).add(number);
                send(new ProducerRecord<>(topic, partition, number, String.join(" ", line)));
                LockSupport.parkNanos(BETWEEN_NS);
            }
        }

        private void send(ProducerRecord<Long, String> record) {
            producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    acknowledged.add(record.key());
                } else {
                    failures.add(failure);
                }
            });
        }

        void awaitMore(int lines) {
            int before = acknowledged.size();
            await().atMost(LONG).until(() -> acknowledged.size() >= before + lines);
        }

        /** Ends when all is written. */
        void stop() {
            end();
            producer.flush();
            assertThat(failures).isEmpty();
        }

        /** How often which word was written. */
        Map<String, Long> words() {
            return words;
        }

        /** What was written to which partition. */
        Map<Integer, List<Long>> numbers() {
            return numbers;
        }

        @Override
        public void close() {
            end();
            producer.close(Duration.ZERO);
        }

        private void end() {
            over = true;
            await().atMost(LONG).until(() -> !writer.isAlive());
        }
    }
}
