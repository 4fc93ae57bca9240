package io.ottla.app.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.app.OttlaProcess;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A monitor of lag that speaks a client of 2019 and parses the topic of offsets by itself. Who owns a partition it can't say:
 * it knows what is stored of groups up to the version that Kafka wrote before 2.3.
 */
@Tag("full")
class BurrowTest {
    private static final int RECORDS = 100;

    @TempDir
    Path folder;

    private static int freePort() throws Exception {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static void produce(OttlaProcess broker) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrap()), new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>("t", i % 2, "key", "value " + i))
                        .get();
            }
        }
    }

    @Test
    void shouldReckonTheLagOfGroups() throws Exception {
        int zooKeeper = freePort();
        try (OttlaProcess broker = OttlaProcess.serve(
                        folder,
                        "group.initial.rebalance.delay.ms=0",
                        "offsets.topic.num.partitions=4",
                        "zookeeper.embedded.port=" + zooKeeper)
                .awaitReady()) {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
                admin.createTopics(List.of(new NewTopic("t", 2, (short) 1)))
                        .all()
                        .get();
                produce(broker);
                // given  a group with a member, and one of offsets alone, as a tool sets them
                admin.alterConsumerGroupOffsets("left", Map.of(new TopicPartition("t", 0), new OffsetAndMetadata(20)))
                        .all()
                        .get();
            }
            try (KafkaConsumer<String, String> member = member(broker);
                    Burrow burrow =
                            new Burrow(folder.resolve("burrow"), broker.bootstrap(), "127.0.0.1:" + zooKeeper)) {
                member.subscribe(List.of("t"));
                // when   Burrow reads what they commit
                // then   it knows both, and how much of the topic each has not read
                Awaitility.await()
                        .atMost(Duration.ofSeconds(90))
                        .pollInterval(Duration.ofMillis(500))
                        .ignoreExceptions()
                        .untilAsserted(() -> {
                            member.poll(Duration.ofMillis(200));
                            member.commitSync(Map.of(
                                    new TopicPartition("t", 0),
                                    new OffsetAndMetadata(40, "seen"),
                                    new TopicPartition("t", 1),
                                    new OffsetAndMetadata(50)));
                            assertThat(burrow.groups()).as(burrow.output()).contains("\"left\"", "\"used\"");
                            assertThat(burrow.group("left")).contains("\"offset\":20", "\"current-lag\":30");
                            assertThat(burrow.group("used"))
                                    .contains("\"offset\":40", "\"current-lag\":10")
                                    .contains("\"offset\":50", "\"current-lag\":0");
                        });
            }
        }
    }

    private static KafkaConsumer<String, String> member(OttlaProcess broker) {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "bootstrap.servers",
                broker.bootstrap(),
                "group.id",
                "used",
                "client.id",
                "reader",
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                "false"));
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }
}
