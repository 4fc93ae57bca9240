package io.ottla.broker;

import static io.ottla.broker.TopicBehaviours.always;
import static io.ottla.broker.TopicBehaviours.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.zookeeper.TestingZooKeeper;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits of connections, requests and answers that a broker is started with, as its clients meet them. */
final class ConnectionSettingsTest {
    private static final int PARTITIONS = 10;

    @TempDir
    Path folder;

    @AutoClose
    private final TestingZooKeeper zooKeeper = new TestingZooKeeper();

    private TestingBroker start(Map<String, String> settings) throws Exception {
        return new TestingBroker(zooKeeper.address(), folder.resolve("logs"), settings);
    }

    @ParameterizedTest
    @CsvSource({
        "max.connections, 1",
        "listener.name.plaintext.max.connections, 1",
        "max.connections.per.ip, 1",
        "max.connections.per.ip.overrides, 127.0.0.1:1"
    })
    void shouldServeOnlySoManyConnections(String name, String value) throws Exception {
        try (TestingBroker ottla = start(Map.of(name, value))) {
            try (Socket first = connect(ottla)) {
                assertThat(ListenerSettingsTest.answers(first)).isTrue();
                assertThat(ListenerSettingsTest.isServed(port(ottla))).isFalse();
            }
            until(() -> ListenerSettingsTest.isServed(port(ottla)));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 5", "50, 6, 6"})
    void shouldLetOnlySoManyWaitToBeAccepted(String backlog, int atLeast, int atMost) throws Exception {
        // given  a broker that accepts nobody more
        try (TestingBroker ottla = start(Map.of(
                        "socket.listen.backlog.size",
                        backlog,
                        "max.connections.per.ip",
                        "1000",
                        "listener.name.plaintext.max.connections",
                        "1"));
                Socket first = connect(ottla)) {
            assertThat(ListenerSettingsTest.answers(first)).isTrue();
            // when   six more come
            List<Socket> waiting = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                Socket socket = new Socket();
                try {
                    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port(ottla)), 300);
                    waiting.add(socket);
                } catch (SocketTimeoutException full) {
                    socket.close();
                }
            }
            // then   the system holds so many for it
            assertThat(waiting.size()).isBetween(atLeast, atMost);
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    @Test
    void shouldCloseConnectionsThatAreIdle() throws Exception {
        try (TestingBroker ottla = start(Map.of("connections.max.idle.ms", "200"));
                Socket idle = connect(ottla)) {
            assertThat(ListenerSettingsTest.answers(idle)).isTrue();
            idle.setSoTimeout(10_000);
            assertThat(idle.getInputStream().readAllBytes()).hasSizeGreaterThan(0);
        }
    }

    @Test
    void shouldCloseConnectionsThatSendTooMuchAtATime() throws Exception {
        try (TestingBroker ottla = start(Map.of("socket.request.max.bytes", "20000"))) {
            assertThat(isClosedAfter(ottla, 20_000)).isFalse();
            assertThat(isClosedAfter(ottla, 20_001)).isTrue();
        }
    }

    /** Whether a connection that announces a request of so many bytes is closed within half a second. */
    private static boolean isClosedAfter(TestingBroker ottla, int bytes) throws IOException {
        try (Socket socket = connect(ottla)) {
            socket.setSoTimeout(500);
            new DataOutputStream(socket.getOutputStream()).writeInt(bytes);
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException waiting) {
            return false;
        }
    }

    @Test
    void shouldHaveRoomForSoManyBytesOfRequests() throws Exception {
        try (TestingBroker ottla =
                start(Map.of("queued.max.request.bytes", "7000000", "socket.request.max.bytes", "6000000"))) {
            assertThat(ottla.level("kafka_network_socketserver_memorypoolavailable"))
                    .isEqualTo(7_000_000);
        }
    }

    @ParameterizedTest
    @CsvSource({"2048, 1000, 5000", "57671680, 10000, 20000"})
    void shouldAnswerAFetchWithSoManyBytes(String most, int atLeast, int atMost) throws Exception {
        try (TestingBroker ottla = start(Map.of("fetch.max.bytes", most));
                KafkaConsumer<byte[], byte[]> consumer = filled(ottla)) {
            int read = 0;
            while (read < PARTITIONS) {
                read += consumer.poll(Duration.ofSeconds(10)).count();
            }
            double largest = consumer.metrics().values().stream()
                    .filter(metric -> metric.metricName().name().equals("fetch-size-max")
                            && metric.metricName().tags().size() == 1)
                    .mapToDouble(metric -> (double) metric.metricValue())
                    .findFirst()
                    .orElseThrow();
            assertThat(largest).isBetween((double) atLeast, (double) atMost);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldKeepSoManySessionsOfFetches(int slots) throws Exception {
        try (TestingBroker ottla = start(Map.of("max.incremental.fetch.session.cache.slots", "" + slots));
                KafkaConsumer<byte[], byte[]> one = filled(ottla);
                KafkaConsumer<byte[], byte[]> other = filled(ottla)) {
            until(() -> one.poll(Duration.ofMillis(100)).isEmpty()
                    && other.poll(Duration.ofMillis(100)).isEmpty()
                    && sessions(ottla) == slots);
            always(() -> {
                one.poll(Duration.ofMillis(50));
                other.poll(Duration.ofMillis(50));
                return sessions(ottla) == slots;
            });
        }
    }

    private static double sessions(TestingBroker ottla) {
        return ottla.level("kafka_server_fetchsessioncache_numincrementalfetchsessions");
    }

    /** A consumer of a topic that has a record of 1000 bytes in each of its partitions. */
    private static KafkaConsumer<byte[], byte[]> filled(TestingBroker ottla) throws Exception {
        try (Admin admin = ottla.admin();
                KafkaProducer<byte[], byte[]> producer = ottla.producer(Map.of())) {
            if (!admin.listTopics().names().get().contains("wide")) {
                admin.createTopics(List.of(new NewTopic("wide", PARTITIONS, (short) 1)))
                        .all()
                        .get();
                for (int i = 0; i < PARTITIONS; i++) {
                    producer.send(new ProducerRecord<>("wide", i, null, new byte[1_000]))
                            .get();
                }
            }
        }
        KafkaConsumer<byte[], byte[]> consumer = ottla.consumer(Map.of("fetch.min.bytes", 1));
        consumer.assign(IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition("wide", partition))
                .toList());
        return consumer;
    }

    private static int port(TestingBroker ottla) {
        return ottla.broker().listeners().getFirst().port();
    }

    private static Socket connect(TestingBroker ottla) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port(ottla));
    }
}
