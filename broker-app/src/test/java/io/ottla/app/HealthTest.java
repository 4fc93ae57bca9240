package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
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
