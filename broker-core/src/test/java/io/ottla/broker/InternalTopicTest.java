package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.zookeeper.TestingZooKeeper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients read what brokers keep for themselves, and do not write it. */
final class InternalTopicTest {
    private static final TopicPartition PICKED = new TopicPartition("picked", 0);
    private static final byte[] WRITTEN = "forged".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    @AutoClose
    private final TestingZooKeeper zooKeeper = new TestingZooKeeper();

    private TestingBroker start() throws Exception {
        return new TestingBroker(
                zooKeeper.address(), folder.resolve("logs"), Map.of("offsets.topic.num.partitions", "1"));
    }

    private static void write(TestingBroker ottla, String clientId, String topic) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = ottla.producer(Map.of("client.id", clientId))) {
            producer.send(new ProducerRecord<>(topic, 0, WRITTEN, WRITTEN)).get();
        }
    }

    @Test
    void shouldRefuseWhatClientsWriteToThem() throws Exception {
        // given  a group, and the topics of brokers
        try (TestingBroker ottla = start();
                Admin admin = ottla.admin()) {
            admin.createTopics(List.of(
                            new NewTopic(PICKED.topic(), 1, (short) 1),
                            new NewTopic("__transaction_state", 1, (short) 1),
                            new NewTopic("__share_group_state", 1, (short) 1)))
                    .all()
                    .get();
            commit(ottla);
            for (String topic : List.of("__consumer_offsets", "__transaction_state", "__share_group_state")) {
                // when   anybody writes to one, or cuts it
                // then   it is refused, and nothing is in it that was not before
                TopicPartition partition = new TopicPartition(topic, 0);
                try (KafkaConsumer<byte[], byte[]> reader = ottla.consumer(Map.of())) {
                    long end = reader.endOffsets(Set.of(partition)).get(partition);
                    assertThatThrownBy(() -> write(ottla, "anybody", topic))
                            .hasCauseInstanceOf(InvalidTopicException.class)
                            .hasMessageContaining(topic);
                    assertThatThrownBy(() -> admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(0)))
                                    .all()
                                    .get())
                            .hasCauseInstanceOf(InvalidTopicException.class);
                    assertThat(reader.endOffsets(Set.of(partition)).get(partition))
                            .isEqualTo(end);
                }
            }
            assertCommitted(ottla);
        }
    }

    @Test
    void shouldGoOnWhereAToolHasWrittenWhatNobodyUnderstands() throws Exception {
        // given  what an operator's tool may write, but is no record of a group
        try (TestingBroker ottla = start();
                Admin admin = ottla.admin()) {
            admin.createTopics(List.of(new NewTopic(PICKED.topic(), 1, (short) 1)))
                    .all()
                    .get();
            commit(ottla);
            write(ottla, "__admin_client", "__consumer_offsets");
            assertCommitted(ottla);
        }
        // when   the topic is read again
        try (TestingBroker ottla = start()) {
            // then   what was committed is there
            assertCommitted(ottla);
        }
    }

    private static void commit(TestingBroker ottla) {
        try (KafkaConsumer<byte[], byte[]> consumer = ottla.consumer(Map.of("group.id", "alone"))) {
            consumer.assign(List.of(PICKED));
            consumer.commitSync(Map.of(PICKED, new OffsetAndMetadata(7, "seven")));
        }
    }

    private static void assertCommitted(TestingBroker ottla) {
        try (KafkaConsumer<byte[], byte[]> consumer = ottla.consumer(Map.of("group.id", "alone"))) {
            assertThat(consumer.committed(Set.of(PICKED)).get(PICKED)).isEqualTo(new OffsetAndMetadata(7, "seven"));
        }
    }
}
