package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process as an operator and a client see it. */
class ServingProcessTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration WITHIN_SECONDS = Duration.ofSeconds(15);
    private static final int SIGTERM = 128 + 15;

    @TempDir
    Path folder;

    @Test
    void shouldServeAnswerProbesStopCleanlyAndHaveTheDataAfterwards()
            throws IOException, InterruptedException, ExecutionException {
        // given
        try (OttlaProcess process = OttlaProcess.serve(folder).awaitReady()) {
            TestingClient.createTopic(process.bootstrap());
            TestingClient.produce(process.bootstrap(), 0, 10);

            // when, then
            assertThat(process.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
            assertThat(process.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
            assertThat(process.get("/readyz").statusCode()).isEqualTo(200);
            assertThat(process.get("/actuator/env").statusCode()).isEqualTo(401);
            assertThat(process.get("/metrics").body())
                    .contains("kafka_server_brokertopicmetrics_messagesin_total")
                    .contains("jvm_memory_used_bytes{area=\"heap\"}");
            assertThat(process.get("/actuator/prometheus").body())
                    .contains("kafka_server_brokertopicmetrics_messagesin_total");
            assertThat(TestingClient.consume(process.bootstrap(), 10))
                    .hasSize(10)
                    .startsWith("value-0");

            // when
            process.terminate();

            // then
            assertThat(process.exitCode(WITHIN_SECONDS)).isEqualTo(SIGTERM);
            assertThat(process.output())
                    .doesNotContain("Using generated security password")
                    .doesNotContain(" WARN ");
            assertThat(folder.resolve("logs/.kafka_cleanshutdown")).exists();
        }
        try (OttlaProcess again = OttlaProcess.serve(folder).awaitReady()) {
            assertThat(TestingClient.consume(again.bootstrap(), 10)).hasSize(10);
        }
    }

    @Test
    void shouldStopCalmlyInTheMiddleOfAStart() throws IOException, InterruptedException {
        // given  a start that waits for a ZooKeeper which is not there
        int port;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = gone.getLocalPort();
        }
        try (OttlaProcess process = OttlaProcess.serve(folder, "zookeeper.connect=127.0.0.1:" + port)) {
            await().atMost(SOON).until(() -> Files.exists(folder.resolve("logs/.lock")));

            // when
            process.terminate();

            // then
            assertThat(process.exitCode(WITHIN_SECONDS)).isEqualTo(SIGTERM);
            assertThat(process.output())
                    .contains(" INFO ", "Stopped while it was starting")
                    .doesNotContain(" ERROR ", " WARN ", "\tat ");
        }
    }

    @Test
    void shouldCloseTheConsolesClientBeforeTheBroker() throws IOException, InterruptedException {
        // given  a console that has spoken to the broker
        try (OttlaProcess process = OttlaProcess.serve(folder).awaitReady()) {
            String login = "admin:" + process.password();
            String basic = "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
            assertThat(process.get("/v3/clusters", "Authorization", basic).statusCode())
                    .isEqualTo(200);

            // when
            process.terminate();

            // then
            assertThat(process.exitCode(WITHIN_SECONDS)).isEqualTo(SIGTERM);
            assertThat(process.output()).doesNotContain(" WARN ", " ERROR ");
        }
    }

    @Test
    void shouldServeWhatWasAcknowledgedAfterAKill() throws InterruptedException, ExecutionException {
        // given
        try (OttlaProcess process = OttlaProcess.serve(folder).awaitReady()) {
            TestingClient.createTopic(process.bootstrap());
            TestingClient.produce(process.bootstrap(), 0, 10);
            TestingClient.deleteRecordsBefore(process.bootstrap(), 4);
            process.kill();
            process.exitCode(SOON);
        }

        // when
        try (OttlaProcess again = OttlaProcess.serve(folder).awaitReady()) {
            TestingClient.produce(again.bootstrap(), 10, 20);

            // then  what was written is there, and what was deleted is not
            assertThat(TestingClient.consume(again.bootstrap(), 16)).hasSize(16).startsWith("value-4");
        }
    }

    @Test
    void shouldEndWithOneLineWhenItsLastLogFolderFails() throws IOException, InterruptedException {
        // given
        try (OttlaProcess process = OttlaProcess.serve(folder).awaitReady()) {
            Path logs = folder.resolve("logs");

            // when  the folder's place is taken by something that no log can be made in
            Files.move(logs, folder.resolve("gone"));
            Files.createFile(logs);
            int exitCode;
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", process.bootstrap()))) {
                admin.createTopics(List.of(new NewTopic("t", 1, (short) 1)));
                exitCode = process.exitCode(SOON);
                admin.close(Duration.ZERO);
            }

            // then
            assertThat(exitCode).isEqualTo(1);
            assertThat(process.output().lines().filter(line -> line.contains("Ottla ends")))
                    .singleElement()
                    .asString()
                    .contains(" ERROR ", "all log folders have failed", logs.toString());
            assertThat(folder.resolve("gone/.kafka_cleanshutdown")).doesNotExist();
        }
    }

    @Test
    void shouldRefuseAFolderThatAnotherProcessHolds() throws InterruptedException {
        // given
        try (OttlaProcess first = OttlaProcess.serve(folder).awaitReady();
                OttlaProcess second = OttlaProcess.serve(folder)) {
            // when
            int exitCode = second.exitCode(SOON);

            // then
            assertThat(exitCode).isEqualTo(1);
            assertOneLineSays(second, folder.toString());
            assertThat(first.bootstrap()).isNotEmpty();
        }
    }

    @Test
    void shouldRefuseAFolderOfAnotherCluster() throws IOException, InterruptedException {
        // given
        try (OttlaProcess first = OttlaProcess.serve(folder).awaitReady()) {
            first.terminate();
            first.exitCode(SOON);
        }
        Path meta = folder.resolve("logs/meta.properties");
        Files.writeString(
                meta, Files.readString(meta).replaceAll("cluster\\.id=.*", "cluster.id=anotherClusterAAAAAAAA"));

        // when
        try (OttlaProcess second = OttlaProcess.serve(folder)) {
            int exitCode = second.exitCode(SOON);

            // then
            assertThat(exitCode).isEqualTo(1);
            assertOneLineSays(second, "anotherClusterAAAAAAAA");
        }
    }

    @Test
    void shouldRefuseAFolderThatHoldsWhatIsNoLog() throws IOException, InterruptedException {
        // given
        Path logs = folder.resolve("logs");
        Files.createDirectories(logs.resolve("holiday"));

        // when
        try (OttlaProcess process = OttlaProcess.serve(folder)) {
            int exitCode = process.exitCode(SOON);

            // then
            assertThat(exitCode).isEqualTo(1);
            assertOneLineSays(process, logs.toString(), "holiday");
        }
    }

    @Test
    void shouldKeepItsZooKeeperInTheFolderThatIsSet() throws IOException, InterruptedException {
        Path elsewhere = folder.resolve("elsewhere");
        try (OttlaProcess process = OttlaProcess.serve(folder, "zookeeper.embedded.dir=" + elsewhere)
                .awaitReady()) {
            assertThat(process.get("/readyz").statusCode()).isEqualTo(200);
            assertThat(elsewhere).isNotEmptyDirectory();
            assertThat(folder.resolve("zookeeper")).doesNotExist();
        }
    }

    @Test
    void shouldNameTheSettingWhosePortIsInUse() throws IOException, InterruptedException {
        // given
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            try (OttlaProcess listeners = OttlaProcess.serve(folder, "listeners=PLAINTEXT://127.0.0.1:" + port);
                    OttlaProcess console =
                            OttlaProcess.serve(Files.createDirectories(folder.resolve("2")), "server.port=" + port);
                    OttlaProcess zooKeeper = OttlaProcess.serve(
                            Files.createDirectories(folder.resolve("3")), "zookeeper.embedded.port=" + port)) {
                // when, then
                assertThat(listeners.exitCode(SOON)).isEqualTo(1);
                assertOneLineSays(listeners, "listeners: ", "PLAINTEXT://127.0.0.1:" + port + ", but it is in use");
                assertThat(console.exitCode(SOON)).isEqualTo(1);
                assertOneLineSays(console, "server.port = " + port + ": ", "it is in use");
                assertThat(zooKeeper.exitCode(SOON)).isEqualTo(1);
                assertOneLineSays(zooKeeper, "zookeeper.embedded.port: ", "port " + port + " of", "it is in use");
                // and    nothing was made
                for (Path each : List.of(folder, folder.resolve("2"), folder.resolve("3"))) {
                    assertThat(each.resolve("logs")).doesNotExist();
                    assertThat(each.resolve("zookeeper")).doesNotExist();
                }
            }
        }
    }

    @Test
    void shouldSayInOneLineThatNobodyKnowsTheNameOfItsZooKeeper() throws IOException, InterruptedException {
        try (OttlaProcess process = OttlaProcess.serve(
                folder, "zookeeper.connect=zookeeper.invalid:2181", "zookeeper.connection.timeout.ms=2000")) {
            assertThat(process.exitCode(SOON)).isEqualTo(1);
            assertOneLineSays(process, "zookeeper.invalid:2181", "is it running and reachable?");
        }
    }

    private static void assertOneLineSays(OttlaProcess process, String... words) {
        List<String> errors = process.output()
                .lines()
                .filter(line -> line.contains(" ERROR "))
                .toList();
        assertThat(errors).as(process.output()).hasSize(1);
        assertThat(errors.getFirst()).contains("Ottla can't start").contains(words);
        assertThat(process.output()).doesNotContain("\tat ");
    }
}
