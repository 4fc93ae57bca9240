package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.zookeeper.TestingZooKeeper;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicDeletionDisabledException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings of how topics come and go, and of who a broker is, as real clients see them. */
final class TopicCreationSettingsTest {
    @TempDir
    Path folder;

    @AutoClose
    private final TestingZooKeeper zooKeeper = new TestingZooKeeper();

    private TestingBroker start(Map<String, String> settings) throws Exception {
        return new TestingBroker(zooKeeper.address(), folder.resolve("logs"), settings);
    }

    @Test
    void shouldMakeTopicsThatAreWrittenToWithSoManyPartitions() throws Exception {
        try (TestingBroker ottla = start(Map.of("num.partitions", "3"));
                Admin admin = ottla.admin();
                KafkaProducer<byte[], byte[]> producer = ottla.producer(Map.of())) {
            producer.send(new ProducerRecord<>("written", new byte[1])).get();
            admin.createTopics(List.of(new NewTopic("asked", Optional.empty(), Optional.empty())))
                    .all()
                    .get();

            assertThat(partitions(admin, "written")).isEqualTo(3);
            assertThat(partitions(admin, "asked")).isEqualTo(3);
        }
    }

    @Test
    void shouldMakeNoTopicUnasked() throws Exception {
        try (TestingBroker ottla = start(Map.of("auto.create.topics.enable", "false"));
                Admin admin = ottla.admin();
                KafkaProducer<byte[], byte[]> producer = ottla.producer(Map.of("max.block.ms", 500))) {
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>("missing", new byte[1]))
                            .get())
                    .hasCauseInstanceOf(TimeoutException.class);
            assertThat(admin.listTopics().names().get()).isEmpty();
        }
    }

    @Test
    void shouldDeleteNoTopicWhereThatIsForbidden() throws Exception {
        try (TestingBroker ottla = start(Map.of("delete.topic.enable", "false"));
                Admin admin = ottla.admin()) {
            admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1)))
                    .all()
                    .get();

            assertThatThrownBy(() -> admin.deleteTopics(List.of("kept")).all().get())
                    .hasCauseInstanceOf(TopicDeletionDisabledException.class);
            assertThat(admin.listTopics().names().get()).contains("kept");
        }
    }

    @Test
    void shouldGiveTopicsSoManyReplicasWhereNobodySays() throws Exception {
        try (TestingBroker ottla = start(Map.of("default.replication.factor", "2"));
                Admin admin = ottla.admin()) {
            assertThatThrownBy(
                            () -> admin.createTopics(List.of(new NewTopic("wide", Optional.empty(), Optional.empty())))
                                    .all()
                                    .get())
                    .hasCauseInstanceOf(InvalidReplicationFactorException.class)
                    .hasMessageContaining("2");
        }
    }

    @Test
    void shouldBeTheBrokerThatNodeIdNames() throws Exception {
        try (TestingBroker ottla = start(Map.of("broker.id", "", "node.id", "7"));
                Admin admin = ottla.admin()) {
            assertThat(admin.describeCluster().controller().get().id()).isEqualTo(7);
        }
    }

    @Test
    void shouldDrawAnIdAboveTheReservedOnes() throws Exception {
        try (TestingBroker ottla = start(Map.of("broker.id", "", "reserved.broker.max.id", "50"));
                Admin admin = ottla.admin()) {
            assertThat(admin.describeCluster().controller().get().id()).isEqualTo(51);
        }
    }

    @Test
    void shouldDrawNoIdWhereThatIsForbidden() {
        assertThatThrownBy(() -> start(Map.of("broker.id", "", "broker.id.generation.enable", "false")))
                .hasMessageContaining("broker.id.generation.enable");
    }

    private static int partitions(Admin admin, String topic) throws Exception {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get()
                .get(topic)
                .partitions()
                .size();
    }
}
