package io.ottla.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.BrokerImage.Endpoint;
import io.ottla.metadata.BrokerImage.VersionRange;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.Test;

class BrokerNodeTest {
    private static final BrokerId ONE = new BrokerId(1);
    private static final BrokerEpoch EPOCH = new BrokerEpoch(25);

    /** As Kafka 3.9.2 wrote it, seen in its ZooKeeper. */
    private static final String KAFKA_39 = """
            {"features":{},"listener_security_protocol_map":{"PLAINTEXT":"PLAINTEXT"},\
            "endpoints":["PLAINTEXT://127.0.0.1:21700"],"jmx_port":-1,"port":21700,"host":"127.0.0.1","version":5,\
            "timestamp":"1795328550737"}""";

    @Test
    void shouldWriteWhatKafkaWrites() {
        BrokerImage broker = new BrokerImage(
                ONE,
                BrokerEpoch.NONE,
                List.of(new Endpoint("PLAINTEXT", SecurityProtocol.PLAINTEXT, "127.0.0.1", 21700)),
                null,
                Map.of());

        assertThat(Json.read(BrokerNode.encode(broker, -1, 1795328550737L))).isEqualTo(Json.read(bytes(KAFKA_39)));
    }

    @Test
    void shouldReadWhatKafkaWrites() {
        BrokerImage broker = BrokerNode.decode(ONE, EPOCH, bytes(KAFKA_39));

        assertThat(broker)
                .isEqualTo(new BrokerImage(
                        ONE,
                        EPOCH,
                        List.of(new Endpoint("PLAINTEXT", SecurityProtocol.PLAINTEXT, "127.0.0.1", 21700)),
                        null,
                        Map.of()));
    }

    @Test
    void shouldKeepListenersRackFeaturesAndIncarnation() {
        // given  no listener is plain, one host is an IPv6 address
        BrokerImage broker = new BrokerImage(
                ONE,
                EPOCH,
                List.of(
                        new Endpoint("INTERNAL", SecurityProtocol.SASL_PLAINTEXT, "::1", 9092),
                        new Endpoint("EXTERNAL", SecurityProtocol.SASL_SSL, "b.example", 9093)),
                "r1",
                Map.of("transaction.version", new VersionRange((short) 0, (short) 2)),
                new Uuid(-1, 7));

        // when
        byte[] data = BrokerNode.encode(broker, 9999, 7);

        // then
        assertThat(BrokerNode.decode(ONE, EPOCH, data)).isEqualTo(broker);
        assertThat(new String(data, StandardCharsets.UTF_8))
                .contains("\"host\":null,\"port\":-1", "\"INTERNAL://[::1]:9092\"", "\"jmx_port\":9999")
                // what readers before Kafka 3.9 take: no level below 1
                .contains("\"min_version\":1", "\"max_version\":2");
    }

    @Test
    void shouldTakeAnIncarnationThatItCannotReadForNone() {
        for (String said : new String[] {"7", "\"\"", "\"too short\"", "null"}) {
            String node = KAFKA_39.replace("\"version\":5", "\"version\":5,\"incarnation\":" + said);

            assertThat(BrokerNode.decode(ONE, EPOCH, bytes(node)))
                    .isEqualTo(BrokerNode.decode(ONE, EPOCH, bytes(KAFKA_39)));
        }
    }

    @Test
    void shouldReadOlderVersions() {
        Endpoint plain = new Endpoint("PLAINTEXT", SecurityProtocol.PLAINTEXT, "h", 9092);
        Endpoint tls = new Endpoint("SSL", SecurityProtocol.SSL, "h", 9093);

        assertThat(decode("{'version':1,'host':'h','port':9092,'jmx_port':9999,'timestamp':'2233345666'}")
                        .endpoints())
                .containsExactly(plain);
        assertThat(decode("{'version':2,'host':'h','port':9092,'endpoints':['PLAINTEXT://h:9092','SSL://h:9093']}")
                        .endpoints())
                .containsExactly(plain, tls);
        assertThat(decode("{'version':3,'endpoints':['SSL://h:9093'],'rack':'dc1'}")
                        .rack())
                .isEqualTo("dc1");
        assertThat(decode("{'version':4,'endpoints':['C://h:9093'],'listener_security_protocol_map':{'C':'SSL'},'x':1}")
                        .endpoint("C")
                        .protocol())
                .isEqualTo(SecurityProtocol.SSL);
    }

    @Test
    void shouldRefuseWhatIsNoRegistration() {
        assertThat(BrokerNode.decode(ONE, EPOCH, null)).isNull();
        assertThat(decode("")).isNull();
        assertThat(decode("null")).isNull();
        assertThat(decode("{'version':5,'endpoints':['PLAINTEXT//h']}")).isNull();
        assertThat(decode("{'version':5,'endpoints':['C://h:1']}")).isNull();
        assertThat(decode("{'version':5,'endpoints':['SSL://h:x']}")).isNull();
        assertThat(decode("[".repeat(100_000))).isNull();
    }

    private static BrokerImage decode(String json) {
        return BrokerNode.decode(ONE, EPOCH, bytes(json.replace('\'', '"')));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
