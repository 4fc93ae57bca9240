package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.oracle.Wire;
import io.ottla.zookeeper.TestingZooKeeper;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ListOffsets as clients of before Kafka 0.10.1 send it, byte by byte. */
final class OldListOffsetsTest {
    private static final int LATEST = -1;
    private static final int EARLIEST = -2;

    @TempDir
    Path folder;

    private TestingZooKeeper zooKeeper;
    private TestingBroker ottla;
    private Wire wire;

    @BeforeEach
    void start() throws Exception {
        zooKeeper = new TestingZooKeeper();
        ottla = new TestingBroker(zooKeeper.address(), folder.resolve("logs"), Map.of());
        wire = new Wire(ottla.broker().listeners().getFirst().port());
        try (Admin admin = ottla.admin();
                KafkaProducer<byte[], byte[]> producer = ottla.producer(Map.of())) {
            admin.createTopics(List.of(new NewTopic("t", 1, (short) 1).configs(Map.of("retention.ms", "-1"))))
                    .all()
                    .get();
            for (int i = 0; i < 10; i++) {
                producer.send(new ProducerRecord<>("t", 0, 1000L * i, null, new byte[1]))
                        .get();
            }
        }
    }

    @AfterEach
    void stop() throws Exception {
        wire.close();
        ottla.close();
        zooKeeper.close();
    }

    private static byte[] frame(String topic, int topics, int partition, long timestamp, int maxOffsets)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(2); // ListOffsets
        out.writeShort(0); // version
        out.writeInt(7); // correlation id
        out.writeShort(3);
        out.write("old".getBytes(StandardCharsets.US_ASCII));
        out.writeInt(-1); // no replica
        out.writeInt(topics);
        out.writeShort(topic.length());
        out.write(topic.getBytes(StandardCharsets.US_ASCII));
        out.writeInt(1);
        out.writeInt(partition);
        out.writeLong(timestamp);
        out.writeInt(maxOffsets);
        return bytes.toByteArray();
    }

    private record Answer(Errors error, List<Long> offsets) {}

    private Answer ask(String topic, int partition, long timestamp, int maxOffsets) throws IOException {
        wire.send(frame(topic, 1, partition, timestamp, maxOffsets));
        ByteBuffer answer = wire.receive();
        assertThat(answer.getInt()).isEqualTo(7);
        assertThat(answer.getInt()).isEqualTo(1);
        byte[] name = new byte[answer.getShort()];
        answer.get(name);
        assertThat(new String(name, StandardCharsets.US_ASCII)).isEqualTo(topic);
        assertThat(answer.getInt()).isEqualTo(1);
        assertThat(answer.getInt()).isEqualTo(partition);
        Errors error = Errors.forCode(answer.getShort());
        int count = answer.getInt();
        assertThat(answer.remaining()).isEqualTo(8 * count);
        return new Answer(error, count == 0 ? List.of() : List.of(answer.getLong()));
    }

    @Test
    void shouldSayWhereTopicsBeginAndEndAndWhereATimeIs() throws Exception {
        assertThat(ask("t", 0, LATEST, 1)).isEqualTo(new Answer(Errors.NONE, List.of(10L)));
        assertThat(ask("t", 0, LATEST, 100)).isEqualTo(new Answer(Errors.NONE, List.of(10L)));
        assertThat(ask("t", 0, EARLIEST, 1)).isEqualTo(new Answer(Errors.NONE, List.of(0L)));
        assertThat(ask("t", 0, 4000, 1)).isEqualTo(new Answer(Errors.NONE, List.of(4L)));
        assertThat(ask("t", 0, Long.MAX_VALUE, 1)).isEqualTo(new Answer(Errors.NONE, List.of(10L)));
        assertThat(ask("t", 0, LATEST, 0)).isEqualTo(new Answer(Errors.NONE, List.of()));
        assertThat(ask("t", 0, LATEST, -1)).isEqualTo(new Answer(Errors.NONE, List.of()));
    }

    @Test
    void shouldRefuseWhatIsNotThere() throws Exception {
        assertThat(ask("t", 9, LATEST, 1)).isEqualTo(new Answer(Errors.UNKNOWN_TOPIC_OR_PARTITION, List.of()));
        assertThat(ask("nowhere", 0, LATEST, 1)).isEqualTo(new Answer(Errors.UNKNOWN_TOPIC_OR_PARTITION, List.of()));
        assertThat(ask("t", 0, -3, 1)).isEqualTo(new Answer(Errors.UNSUPPORTED_VERSION, List.of()));
    }

    @Test
    void shouldHangUpOnCountsThatDoNotFit() throws Exception {
        for (int topics : new int[] {-1, 2, 1 << 20, Integer.MAX_VALUE}) {
            try (Wire wrong = new Wire(ottla.broker().listeners().getFirst().port())) {
                wrong.send(frame("t", topics, 0, LATEST, 1));
                assertThat(wrong.receive()).isNull();
            }
        }
        assertThat(ask("t", 0, LATEST, 1).error()).isEqualTo(Errors.NONE);
    }
}
