package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/metrics.md against what a broker shows that has been used, and against the tests that move it. */
class MetricsPageTest {
    private static final Pattern MOVES = Pattern.compile("(?s)@Moves\\((.*?)\\)\\s+void");
    private static final Pattern WORD = Pattern.compile("\"([a-z_]+)\"");
    private static final Pattern ZOOKEEPER = Pattern.compile("in this process at (\\S+),");
    private static final Set<String> GIVEN_AT_START =
            Set.of("jvm_memory_bytes_max", "jvm_memory_max_bytes", "process_max_fds", "process_start_time_seconds");
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void shouldHaveALineForEachMetricAndAMetricForEachLine()
            throws IOException, InterruptedException, ExecutionException {
        // given  a broker that refuses everybody who comes from one address
        try (OttlaProcess process = OttlaProcess.serve(folder, "max.connections.per.ip.overrides=127.0.0.2:0")
                .awaitReady()) {
            // when
            TestingClient.createTopic(process.bootstrap());
            TestingClient.produce(process.bootstrap(), 0, 3);
            TestingClient.consume(process.bootstrap(), 3);
            TestingClient.commit(process.bootstrap(), 3);
            try (Socket refused = connectFrom("127.0.0.2", process.bootstrap())) {
                assertThat(refused.getInputStream().read()).isNegative();
            }
            process.get("/actuator/health");

            // then
            // of groups only what a scrape before has asked for
            await().atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(MetricsPage.of(process).names()).isEqualTo(Monitoring.documented()));
        }
    }

    /** Those that no test of the broker moves are moved here, by load and by another start. */
    @Test
    void shouldHaveATestThatMovesEachMetric() throws Exception {
        // given
        Set<String> wanted = Monitoring.documented();
        wanted.removeAll(movedByTests());
        Set<String> moved = new TreeSet<>();

        // when   one process is put under load
        MetricsPage first;
        try (OttlaProcess process =
                OttlaProcess.serve(folder, "console.lag.refresh=1s").awaitReady()) {
            TestingClient.createTopic(process.bootstrap());
            TestingClient.produce(process.bootstrap(), 0, 100);
            process.get("/actuator/health");
            process.get("/v3/clusters");
            first = MetricsPage.of(process);
            TestingClient.commit(process.bootstrap(), "g", 50);
            evict(folder.resolve("logs/t-0/00000000000000000000.log"));
            TestingClient.consume(process.bootstrap(), 100);
            ZooKeeper zooKeeper = new ZooKeeper(process.said(ZOOKEEPER), 10_000, event -> {});
            try (Socket garbage = connectFrom("127.0.0.1", process.bootstrap())) {
                garbage.getOutputStream().write(new byte[] {-1, -1, -1, -1});
                List<String> byLoad =
                        wanted.stream().filter(MetricsPageTest::isMovedByLoad).toList();
                await().atMost(SOON).untilAsserted(() -> {
                    process.get("/actuator/health");
                    // A password that is wrong takes longer than none.
                    process.get("/v3/clusters", "Authorization", "Basic YWRtaW46d3Jvbmc=");
                    makeNodes(zooKeeper);
                    moved.addAll(first.movedUntil(MetricsPage.of(process)));
                    assertThat(moved).containsAll(byLoad);
                });
            } finally {
                zooKeeper.close();
            }
        }
        // and    another has other bounds
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        try (OttlaProcess other = OttlaProcess.serveWithin("ulimit -n 4096", List.of("-Xmx300m"), elsewhere)
                .awaitReady()) {
            moved.addAll(first.movedUntil(MetricsPage.of(other)));
        }

        // then
        assertThat(moved).containsAll(wanted);
    }

    /** More than ZooKeeper can answer at once. */
    private static void makeNodes(ZooKeeper zooKeeper) {
        for (int i = 0; i < 2_000; i++) {
            zooKeeper.create(
                    "/load",
                    null,
                    ZooDefs.Ids.OPEN_ACL_UNSAFE,
                    CreateMode.PERSISTENT_SEQUENTIAL,
                    (code, path, context, name) -> {},
                    null);
        }
        zooKeeper.exists("/", event -> {}, (code, path, context, stat) -> {}, null);
    }

    /** Whether it is more than what a process gets when it starts, and keeps. */
    private static boolean isMovedByLoad(String name) {
        return !GIVEN_AT_START.contains(name);
    }

    /** What tests say that they move; each of them fails where that is not so. */
    private static Set<String> movedByTests() throws IOException {
        Set<String> names = new TreeSet<>();
        List<Path> sources;
        try (Stream<Path> all = Files.walk(Monitoring.ROOT.resolve("broker-core/src/test/java"))) {
            sources = all.filter(file -> file.toString().endsWith("Test.java")).toList();
        }
        for (Path source : sources) {
            Matcher moves = MOVES.matcher(Files.readString(source));
            while (moves.find()) {
                WORD.matcher(moves.group(1)).results().forEach(word -> names.add(word.group(1)));
            }
        }
        return names;
    }

    private static Socket connectFrom(String address, String to) throws IOException {
        String[] hostAndPort = to.split(":");
        return new Socket(
                InetAddress.getByName(hostAndPort[0]),
                Integer.parseInt(hostAndPort[1]),
                InetAddress.getByName(address),
                0);
    }

    /** Brings a file to disk and takes it out of memory. */
    private static void evict(Path file) throws IOException, InterruptedException {
        Process evicting = new ProcessBuilder(
                        "sh", "-c", "sync \"$1\" && dd if=\"$1\" iflag=nocache count=0", "sh", file.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(evicting.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(evicting.exitValue())
                .as(new String(evicting.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isZero();
    }
}
