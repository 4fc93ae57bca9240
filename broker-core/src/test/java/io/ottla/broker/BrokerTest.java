package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.cluster.BrokerState;
import io.ottla.config.BrokerConfig;
import io.ottla.zookeeper.TestingZooKeeper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One whole broker with a real ZooKeeper, real files and real clients. */
final class BrokerTest {
    @TempDir
    Path folder;

    @AutoClose
    private final TestingZooKeeper zooKeeper = new TestingZooKeeper();

    private TestingBroker start() throws Exception {
        return new TestingBroker(zooKeeper.address(), folder.resolve("logs"), Map.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void shouldGiveBackWhatWasProducedInEveryCodec(String codec) throws Exception {
        try (TestingBroker ottla = start();
                Admin admin = ottla.admin()) {
            // given  a topic
            admin.createTopics(List.of(new NewTopic("events", 3, (short) 1)))
                    .all()
                    .get();
            // when   an idempotent producer writes in the codec
            produce(ottla, "events", 0, 1_000, Map.of("compression.type", codec, "linger.ms", 5));
            // then   a consumer reads every record once
            assertThat(consume(ottla, "events", 3, 1_000)).hasSize(1_000);
        }
    }

    @Test
    void shouldKeepTopicsAndRecordsAcrossARestart() throws Exception {
        // given  a broker that was stopped with records in it
        try (TestingBroker ottla = start();
                Admin admin = ottla.admin()) {
            admin.createTopics(List.of(new NewTopic("kept", 2, (short) 1)))
                    .all()
                    .get();
            produce(ottla, "kept", 0, 100, Map.of());
        }
        assertThat(folder.resolve("logs/.kafka_cleanshutdown")).exists();
        // when   it starts again
        try (TestingBroker ottla = start()) {
            // then   all is there, and goes on behind it
            assertThat(ottla.broker().state()).isEqualTo(BrokerState.RUNNING);
            produce(ottla, "kept", 100, 100, Map.of());
            assertThat(consume(ottla, "kept", 2, 200)).hasSize(200);
        }
    }

    @Test
    void shouldAnswerAdministrationWithTheProtocolsErrors() throws Exception {
        try (TestingBroker ottla = start();
                Admin admin = ottla.admin()) {
            admin.createTopics(List.of(new NewTopic("a", 1, (short) 1))).all().get();
            assertThatThrownBy(() -> admin.createTopics(List.of(new NewTopic("a", 1, (short) 1)))
                            .all()
                            .get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(TopicExistsException.class);
            assertThatThrownBy(() -> admin.createTopics(List.of(new NewTopic("b", 1, (short) 3)))
                            .all()
                            .get())
                    .hasCauseInstanceOf(InvalidReplicationFactorException.class)
                    .hasMessageContaining("3")
                    .hasMessageContaining("1");
            admin.deleteTopics(List.of("a")).all().get();
            assertThat(admin.listTopics().names().get()).doesNotContain("a");
        }
    }

    @Test
    void shouldFindOffsetsByTimestamp() throws Exception {
        try (TestingBroker ottla = start();
                Admin admin = ottla.admin();
                KafkaProducer<byte[], byte[]> producer = ottla.producer(Map.of())) {
            // given  records with timestamps 1000, 2000, … of which each is a batch of its own
            TopicPartition partition = new TopicPartition("timed", 0);
            admin.createTopics(List.of(new NewTopic("timed", 1, (short) 1)))
                    .all()
                    .get();
            for (int i = 1; i <= 10; i++) {
                producer.send(new ProducerRecord<>("timed", 0, i * 1000L, null, value(i)))
                        .get();
            }
            // then   each kind of lookup finds its record
            assertThat(offset(admin, partition, OffsetSpec.earliest())).isZero();
            assertThat(offset(admin, partition, OffsetSpec.latest())).isEqualTo(10);
            assertThat(offset(admin, partition, OffsetSpec.maxTimestamp())).isEqualTo(9);
            assertThat(offset(admin, partition, OffsetSpec.forTimestamp(3_500))).isEqualTo(3);
            assertThat(offset(admin, partition, OffsetSpec.forTimestamp(99_999)))
                    .isEqualTo(-1);
        }
    }

    @Test
    void shouldRefuseAFolderOfAnotherBroker() throws Exception {
        // given  a folder that belongs to broker 1
        start().close();
        // when   broker 2 is to use it
        // then   it does not, and says what is wrong
        assertThatThrownBy(
                        () -> new TestingBroker(zooKeeper.address(), folder.resolve("logs"), Map.of("broker.id", "2")))
                .isInstanceOf(BrokerStartException.class)
                .hasMessageContaining("broker 1")
                .hasMessageContaining("broker.id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/not/yet"})
    void shouldFoundNoClusterWhereItsFoldersBelongToOne(String chroot) throws Exception {
        // given  an empty ZooKeeper, as that of a wrong address or one that lost its data
        String meta = "version=0\nbroker.id=1\ncluster.id=Y6Sp9rp9R7GWVCUsjm6Kxw\n";
        Files.createDirectory(folder.resolve("logs"));
        Files.writeString(folder.resolve("logs/meta.properties"), meta);
        // when, then
        assertThatThrownBy(() -> new TestingBroker(zooKeeper.address() + chroot, folder.resolve("logs"), Map.of()))
                .isInstanceOf(BrokerStartException.class)
                .hasMessageContainingAll("Y6Sp9rp9R7GWVCUsjm6Kxw", zooKeeper.address() + chroot, "logs", "log.dirs");
        assertThat(zooKeeper.children("/")).containsExactly("zookeeper");
        assertThat(folder.resolve("logs/meta.properties")).hasContent(meta);
    }

    @Test
    void shouldWriteNothingToAnotherCluster() throws Exception {
        // given  a cluster, and a folder of another
        start().close();
        Set<String> before = zooKeeper.children("/brokers");
        Files.createDirectory(folder.resolve("other"));
        Files.writeString(folder.resolve("other/meta.properties"), "version=0\nbroker.id=7\ncluster.id=another\n");
        // when, then
        assertThatThrownBy(
                        () -> new TestingBroker(zooKeeper.address(), folder.resolve("other"), Map.of("broker.id", "7")))
                .isInstanceOf(BrokerStartException.class)
                .hasMessageContainingAll("another", "other", "zookeeper.connect");
        assertThat(zooKeeper.children("/brokers")).isEqualTo(before);
    }

    @Test
    void shouldRefuseAFolderThatAnotherProcessHolds() throws Exception {
        try (TestingBroker ottla = start()) {
            assertThat(ottla.broker().state()).isEqualTo(BrokerState.RUNNING);
            assertThatThrownBy(this::start)
                    .isInstanceOf(BrokerStartException.class)
                    .hasMessageContaining(".lock");

            // and    that is said rather than that it belongs to another cluster than a new ZooKeeper has
            BrokerConfig config =
                    BrokerConfig.of(Map.of("log.dirs", folder.resolve("logs").toString()));
            assertThatThrownBy(() -> Broker.requireNewFolders(config, folder.resolve("zookeeper")))
                    .isInstanceOf(BrokerStartException.class)
                    .hasMessageContaining(".lock");
        }
        assertThat(Files.exists(folder.resolve("logs/.kafka_cleanshutdown"))).isTrue();
    }

    private static long offset(Admin admin, TopicPartition partition, OffsetSpec spec) throws Exception {
        return admin.listOffsets(Map.of(partition, spec))
                .partitionResult(partition)
                .get()
                .offset();
    }

    private static byte[] value(int number) {
        return ("value " + number).getBytes(StandardCharsets.UTF_8);
    }

    private static void produce(TestingBroker ottla, String topic, int from, int count, Map<String, Object> settings)
            throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = ottla.producer(settings)) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = from; i < from + count; i++) {
                sent.add(producer.send(new ProducerRecord<>(topic, value(i), value(i))));
            }
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        }
    }

    /** Reads until so many records were seen, and once more, so that a record too many would be seen too. */
    private static Set<String> consume(TestingBroker ottla, String topic, int partitions, int expected) {
        Set<String> values = new HashSet<>();
        int seen = 0;
        try (KafkaConsumer<byte[], byte[]> consumer = ottla.consumer(Map.of())) {
            List<TopicPartition> all = new ArrayList<>();
            for (int i = 0; i < partitions; i++) {
                all.add(new TopicPartition(topic, i));
            }
            consumer.assign(all);
            consumer.seekToBeginning(all);
            for (int polls = 0; polls < 50 && seen < expected; polls++) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    values.add(new String(record.value(), StandardCharsets.UTF_8));
                    seen++;
                }
            }
            seen += consumer.poll(Duration.ofMillis(100)).count();
        }
        assertThat(seen).isEqualTo(expected);
        return values;
    }
}
