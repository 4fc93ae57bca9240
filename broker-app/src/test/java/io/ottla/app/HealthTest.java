package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What probes are told while ZooKeeper is away and while log folders fail. */
class HealthTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int UP = 200;
    private static final int DOWN = 503;

    @TempDir
    Path folder;

    @Test
    void shouldServeOnAndSaySoWhileZooKeeperIsAway() throws Exception {
        // given  a broker with a ZooKeeper elsewhere
        ZooKeeper zooKeeper = new ZooKeeper(Files.createDirectory(folder.resolve("zookeeper")));
        try (OttlaProcess process = OttlaProcess.serve(folder, "zookeeper.connect=" + zooKeeper.address())
                .awaitReady()) {
            TestingClient.createTopic(process.bootstrap());
            assertThat(readiness(process)).isEqualTo(UP);

            // when   it goes
            zooKeeper.stop();

            // then   monitors are told, no restart would help, and records go through
            await().atMost(SOON).until(() -> health(process).statusCode() == DOWN);
            assertThat(health(process).body()).contains("OUT_OF_SERVICE");
            assertThat(liveness(process)).isEqualTo(UP);
            assertThat(readiness(process)).isEqualTo(UP);
            assertThat(process.get("/readyz").statusCode()).isEqualTo(UP);
            assertThat(process.get("/livez").statusCode()).isEqualTo(UP);
            TestingClient.produce(process.bootstrap(), 0, 10);
            assertThat(TestingClient.consume(process.bootstrap(), 10)).hasSize(10);

            // when   it comes back, then all is well
            zooKeeper.start();
            await().atMost(SOON).until(() -> health(process).statusCode() == UP);
        } finally {
            zooKeeper.stop();
        }
    }

    @Test
    void shouldLiveAsLongAsOneFolderWorksAndEndWithTheLast() throws Exception {
        // given
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        try (OttlaProcess process =
                OttlaProcess.serve(folder, "log.dirs=" + first + "," + second).awaitReady()) {
            // when   one folder is taken away
            destroy(first);
            createTopicsUntil(process, () -> offlineFolders(process) == 1);

            // then   the broker goes on
            assertThat(liveness(process)).isEqualTo(UP);
            assertThat(readiness(process)).isEqualTo(UP);

            // when   the other one goes too
            destroy(second);
            createTopicsUntil(process, () -> !process.isAlive());

            // then   it ends, so that whoever runs it sees that
            assertThat(process.exitCode(SOON)).isEqualTo(1);
            assertThat(process.output()).contains(second.toString());
        }
    }

    @Test
    void shouldSayThatItIsOfNoUseUntilItHasReachedZooKeeper() throws Exception {
        // given  a ZooKeeper that is not there yet
        ZooKeeper zooKeeper = new ZooKeeper(Files.createDirectory(folder.resolve("zookeeper")));
        zooKeeper.stop();
        int port = freePort();
        try (OttlaProcess process = OttlaProcess.serve(
                folder,
                "server.port=" + port,
                "zookeeper.connect=" + zooKeeper.address(),
                "zookeeper.connection.timeout.ms=120000")) {
            // when, then
            await().atMost(SOON).ignoreExceptions().until(() -> answer(port, "/livez") == DOWN);
            assertThat(process.isAlive()).isTrue();
            assertThat(answer(port, "/readyz")).isEqualTo(DOWN);

            // when   it comes, then all is well
            zooKeeper.start();
            await().atMost(SOON).until(() -> answer(port, "/readyz") == UP);
            assertThat(answer(port, "/livez")).isEqualTo(UP);
        } finally {
            zooKeeper.stop();
        }
    }

    @Test
    @Tag("full")
    void shouldBeReadyBehindAStartOnceItsCopiesAreInSyncAndThenForGood() throws Exception {
        // given  a broker that stops in order, and misses more than one fetch brings
        try (ThreeBrokers brokers = ThreeBrokers.start(folder)) {
            ReplicatedTopic topic = ReplicatedTopic.create(brokers, "t", 1, List.of(1, 2, 3));
            brokers.broker(3).terminate();
            brokers.broker(3).exitCode(SOON);
            produceMegabytes(brokers.bootstrap(), 3);
            throttle(brokers.bootstrap(), "1");

            // when   it comes back, and its leader sends nothing to speak of
            brokers.start(3);

            // then   it lives, and serves, but nobody may go on to the next one
            OttlaProcess restarted = brokers.broker(3);
            assertThat(liveness(restarted)).isEqualTo(UP);
            assertThat(readiness(restarted)).isEqualTo(DOWN);

            // when
            throttle(brokers.bootstrap(), "1000000000");

            // then
            await().atMost(SOON).until(() -> readiness(restarted) == UP);
            topic.awaitInSync(Set.of(1, 2, 3));

            // when   the others are gone, then it is still the one to ask
            brokers.kill(2);
            brokers.kill(1);
            assertThat(readiness(restarted)).isEqualTo(UP);

            // when   it starts while one of them is gone, then it does not wait for that one
            brokers.start(2);
            restarted.terminate();
            restarted.exitCode(SOON);
            brokers.start(3);
            await().atMost(SOON).until(() -> readiness(brokers.broker(3)) == UP);
        }
    }

    private static void produceMegabytes(String bootstrap, int megabytes) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", bootstrap, "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < 10 * megabytes; i++) {
                producer.send(new ProducerRecord<>("t", 0, null, new byte[100_000]))
                        .get();
            }
        }
    }

    private static void throttle(String bootstrap, String bytesPerSecond) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
            changes.put(
                    new ConfigResource(ConfigResource.Type.TOPIC, "t"),
                    List.of(set("leader.replication.throttled.replicas", "*")));
            for (String broker : List.of("1", "2")) {
                changes.put(
                        new ConfigResource(ConfigResource.Type.BROKER, broker),
                        List.of(set("leader.replication.throttled.rate", bytesPerSecond)));
            }
            admin.incrementalAlterConfigs(changes).all().get();
        }
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Of a process that has not said yet where it is. */
    private static int answer(int port, String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }

    private static HttpResponse<String> health(OttlaProcess process) throws IOException, InterruptedException {
        return process.get("/actuator/health");
    }

    private static int liveness(OttlaProcess process) throws IOException, InterruptedException {
        return process.get("/actuator/health/liveness").statusCode();
    }

    private static int readiness(OttlaProcess process) throws IOException, InterruptedException {
        return process.get("/actuator/health/readiness").statusCode();
    }

    private static int offlineFolders(OttlaProcess process) throws IOException, InterruptedException {
        return MetricsPage.of(process)
                .values()
                .get("kafka_log_logmanager_offlinelogdirectorycount")
                .intValue();
    }

    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    /** A broker sees that a folder has failed when it uses it. */
    private static void createTopicsUntil(OttlaProcess process, Condition condition) {
        try (Admin admin = Admin.create(Map.of(
                "bootstrap.servers",
                process.bootstrap(),
                "request.timeout.ms",
                "2000",
                "default.api.timeout.ms",
                "2000"))) {
            int[] number = {0};
            await().atMost(SOON).until(() -> {
                admin.createTopics(List.of(new NewTopic("try-" + System.nanoTime() + number[0]++, 4, (short) 1)));
                return condition.holds();
            });
        }
    }

    /** Puts a file in the place of a folder, so that nothing can be made in it. */
    private static void destroy(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> found = Files.walk(folder)) {
            all = found.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.deleteIfExists(path);
        }
        Files.createFile(folder);
    }

    /** A ZooKeeper of its own in this process. */
    private static final class ZooKeeper {
        private final Path folder;
        private int port;
        private NIOServerCnxnFactory connections;
        private ZooKeeperServer server;

        ZooKeeper(Path folder) throws IOException, InterruptedException {
            this.folder = folder;
            start();
        }

        void start() throws IOException, InterruptedException {
            server = new ZooKeeperServer(folder.toFile(), folder.toFile(), 500);
            connections = new NIOServerCnxnFactory();
            connections.configure(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100, 100);
            connections.startup(server);
            port = connections.getLocalPort();
        }

        String address() {
            return "127.0.0.1:" + port;
        }

        void stop() {
            connections.shutdown();
            server.shutdown();
        }
    }
}
