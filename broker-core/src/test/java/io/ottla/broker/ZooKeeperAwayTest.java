package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.oracle.Wire;
import io.ottla.zookeeper.TestingZooKeeper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker whose ZooKeeper goes away and comes back. */
final class ZooKeeperAwayTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private static int controller(Wire wire) throws Exception {
        MetadataRequestData request = new MetadataRequestData().setTopics(List.of());
        return ((MetadataResponseData) wire.ask(ApiKeys.METADATA, (short) 9, request)).controllerId();
    }

    private static CreatableTopicResult create(Wire wire) throws Exception {
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(10_000);
        request.topics()
                .add(new CreatableTopic().setName("by-hand").setNumPartitions(1).setReplicationFactor((short) 1));
        return ((CreateTopicsResponseData) wire.ask(ApiKeys.CREATE_TOPICS, (short) 5, request))
                .topics()
                .find("by-hand");
    }

    @Test
    void shouldSayThatZooKeeperIsAwayAndDoWhatClientsAskedForOnceItIsBack() throws Exception {
        try (TestingZooKeeper zooKeeper = new TestingZooKeeper();
                TestingBroker ottla = new TestingBroker(
                        zooKeeper.address(),
                        folder.resolve("logs"),
                        Map.of("zookeeper.session.timeout.ms", "1000", "offsets.topic.num.partitions", "1"));
                Admin admin = ottla.admin();
                KafkaProducer<byte[], byte[]> producer = ottla.producer(Map.of("enable.idempotence", false));
                Wire wire = new Wire(ottla.broker().listeners().getFirst().port())) {
            admin.createTopics(List.of(new NewTopic("before", 1, (short) 1)))
                    .all()
                    .get();
            assertThat(controller(wire)).isEqualTo(1);

            // when   it goes away
            zooKeeper.stop();

            // then   nobody is named as the controller, and who asks all the same is told why
            await().atMost(PATIENCE).until(() -> controller(wire) == -1);
            CreatableTopicResult[] refused = new CreatableTopicResult[1];
            await().atMost(PATIENCE).until(() -> {
                refused[0] = create(wire);
                return refused[0].errorCode() == Errors.NOT_CONTROLLER.code();
            });
            assertThat(refused[0].errorMessage()).contains("its session with ZooKeeper is lost");
            assertThat(admin.describeCluster().controller().get())
                    .satisfiesAnyOf(
                            node -> assertThat(node).isNull(),
                            node -> assertThat(node.isEmpty()).isTrue());
            // and    records flow
            producer.send(new ProducerRecord<>("before", new byte[10])).get();

            // when   a client asks, and ZooKeeper comes back
            Future<Void> wanted = admin.createTopics(List.of(new NewTopic("after", 1, (short) 1)))
                    .all()
                    .toCompletionStage()
                    .toCompletableFuture();
            assertThat(controller(wire)).isEqualTo(-1);
            zooKeeper.start();

            // then   it is done, without the client's user noticing
            wanted.get();
            assertThat(controller(wire)).isEqualTo(1);
            producer.send(new ProducerRecord<>("after", new byte[10])).get();
        }
    }
}
