package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One broker that many are connected to: what they cost, and what those who work feel of it. */
class ManyConnectionsTest {
    private static final int MANY = 10_000;
    private static final int STALLING = 1_000;
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final long MEBIBYTE = 1 << 20;

    /** What an idle connection may take of the process's memory, its buffers in the kernel not counted. */
    private static final long BYTES_EACH = 12 << 10;

    /** As many files as connections and some; a process may have fewer to begin with, and more where it is allowed. */
    private static final String FILES = "ulimit -n 16384 2>/dev/null || ulimit -n $(ulimit -Hn)";

    @TempDir
    Path folder;

    @Test
    @Tag("full")
    void shouldServeThoseWhoWorkAmongTenThousandWhoDoNot() throws Exception {
        try (OttlaProcess process =
                OttlaProcess.serveWithin(FILES, List.of("-Xmx256m"), folder).awaitReady()) {
            TestingClient.createTopic(process.bootstrap());
            warm(process);
            long quietNs = slowestOfMost(process);
            MetricsPage before = MetricsPage.of(process);

            // when   ten thousand are connected and idle
            try (HeldConnections idle = new HeldConnections(process.bootstrap(), MANY, "idle")) {
                // then   each takes little, and nobody feels them
                MetricsPage among = MetricsPage.of(process);
                assertThat(connections(among)).isGreaterThanOrEqualTo(MANY);
                assertThat(resident(among) - resident(before)).isLessThan(MANY * BYTES_EACH);
                long amongNs = slowestOfMost(process);
                assertThat(amongNs).isLessThan(Math.max(4 * quietNs, 20_000_000));
                System.out.printf(
                        "%d idle connections: %d bytes each; 99 of 100 produce requests within %.2f ms, without them %.2f ms%n",
                        MANY, (resident(among) - resident(before)) / MANY, amongNs / 1e6, quietNs / 1e6);

                // and    all of them are still served
                idle.ask();
            }

            // then   nothing is left of them
            await().atMost(SOON).until(() -> connections(MetricsPage.of(process)) < 50);
            assertThat(MetricsPage.of(process).values().get("process_open_fds"))
                    .isLessThan(before.values().get("process_open_fds") + 50);
        }
    }

    @Test
    @Tag("full")
    void shouldBoundTheMemoryOfThoseWhoPromiseMuchAndSendLittle() throws Exception {
        try (OttlaProcess process =
                OttlaProcess.serveWithin(FILES, List.of("-Xmx256m"), folder).awaitReady()) {
            TestingClient.createTopic(process.bootstrap());
            warm(process);
            MetricsPage before = MetricsPage.of(process);

            // when   a thousand begin a request of 64 MiB and do not go on
            try (HeldConnections stalling = new HeldConnections(process.bootstrap(), STALLING, "stalling")) {
                assertThat(stalling).isNotNull();

                // then   memory is that of the budget at most, and small requests go on without delay
                TestingClient.produce(process.bootstrap(), 0, 10);
                MetricsPage among = MetricsPage.of(process);
                assertThat(among.values().get("kafka_network_socketserver_memorypoolused"))
                        .isLessThanOrEqualTo(64 * MEBIBYTE);
                assertThat(resident(among) - resident(before)).isLessThan(128 * MEBIBYTE);
            }
            // and    those who leave take no memory first that would have to be cleared
            await().atMost(SOON)
                    .until(() ->
                            MetricsPage.of(process).values().get("kafka_network_socketserver_memorypoolused") == 0);
        }
    }

    @Test
    void shouldHoldTheBoundsOfAllAndOfAnAddress() throws Exception {
        // given  room for three, of which one address may have one and another none
        try (OttlaProcess process = OttlaProcess.serve(
                        folder,
                        "max.connections=3",
                        "max.connections.per.ip=1",
                        "max.connections.per.ip.overrides=127.0.0.1:3,127.0.0.9:0")
                .awaitReady()) {
            Socket one = connect("127.0.0.2", process);
            try (Socket none = connect("127.0.0.9", process);
                    Socket second = connect("127.0.0.2", process)) {
                // then
                assertThat(none.getInputStream().read()).isNegative();
                assertThat(second.getInputStream().read()).isNegative();
                await().atMost(SOON).until(() -> connections(MetricsPage.of(process)) == 1);
                assertThat(process.output()).contains("max.connections.per.ip");
            }
            // when   others take the rest, and one comes too many
            try (Socket third = connect("127.0.0.3", process);
                    Socket fourth = connect("127.0.0.4", process);
                    Socket waiting = connect("127.0.0.5", process)) {
                assertThat(List.of(third, fourth, waiting)).allMatch(Socket::isConnected);
                await().atMost(SOON).until(() -> connections(MetricsPage.of(process)) == 3);
                await().during(Duration.ofMillis(200)).until(() -> connections(MetricsPage.of(process)) == 3);

                // then   it waits, neither served nor refused, until there is room
                one.close();
                await().atMost(SOON).until(() -> value(MetricsPage.of(process), "connection_creation_total") == 4);
            }
        }
    }

    private static Socket connect(String from, OttlaProcess process) throws IOException {
        String bootstrap = process.bootstrap();
        int port = Integer.parseInt(bootstrap.substring(bootstrap.lastIndexOf(':') + 1));
        return new Socket(InetAddress.getByName("127.0.0.1"), port, InetAddress.getByName(from), 0);
    }

    private static void warm(OttlaProcess process) throws Exception {
        TestingClient.produce(process.bootstrap(), 0, 3_000);
    }

    /** What all but one in a hundred of some requests took at most. */
    private static long slowestOfMost(OttlaProcess process) throws Exception {
        List<Long> took = new ArrayList<>();
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", process.bootstrap(), "acks", "all"),
                new StringSerializer(),
                new StringSerializer())) {
            for (int i = 0; i < 2_000; i++) {
                long began = System.nanoTime();
                producer.send(new ProducerRecord<>("t", 0, "key", "value")).get();
                took.add(System.nanoTime() - began);
            }
        }
        Collections.sort(took);
        return took.get(took.size() * 99 / 100);
    }

    private static long resident(MetricsPage page) {
        return page.values().get("process_resident_memory_bytes").longValue();
    }

    private static long connections(MetricsPage page) {
        return value(page, "connection_count");
    }

    private static long value(MetricsPage page, String name) {
        return (long) page.values().entrySet().stream()
                .filter(series -> series.getKey().startsWith("kafka_server_socket_server_metrics_" + name))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }
}
