package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ottla zookeeper}: an ensemble of processes, and a broker that uses it. */
class EnsembleProcessTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Path HEALTHCHECK =
            Path.of("").toAbsolutePath().resolveSibling("bin").resolve("zookeeper-healthcheck");

    @TempDir
    Path folder;

    private final List<OttlaProcess> servers = new ArrayList<>();

    @AfterEach
    void end() {
        servers.forEach(OttlaProcess::close);
    }

    @Test
    void shouldServeAsLongAsThereIsAMajority() throws Exception {
        // given
        int[] ports = freePorts(9);
        start(1, ports);
        OttlaProcess first = servers.getFirst();
        await().atMost(SOON).until(() -> first.output().contains("LOOKING"));
        assertThat(serves(ports[0])).isFalse();

        // when
        start(2, ports);

        // then
        await().atMost(SOON).until(() -> serves(ports[0]) && serves(ports[1]));
        try (OttlaProcess broker = OttlaProcess.serve(
                        folder,
                        "zookeeper.connect=127.0.0.1:" + ports[2] + ",127.0.0.1:" + ports[1] + ",127.0.0.1:" + ports[0])
                .awaitReady()) {
            TestingClient.createTopic(broker.bootstrap());
            TestingClient.produce(broker.bootstrap(), 0, 3);
            assertThat(TestingClient.consume(broker.bootstrap(), 3)).hasSize(3);
        }

        // when
        start(3, ports);
        await().atMost(SOON).until(() -> serves(ports[2]));
        first.terminate();

        // then
        assertThat(first.exitCode(SOON)).isEqualTo(143);
        await().atMost(SOON).until(() -> serves(ports[1]) && serves(ports[2]));
        assertThat(first.output()).doesNotContain("DEBUG");
    }

    @Test
    void shouldServeAlone() throws Exception {
        // given
        int[] ports = freePorts(1);
        Path file = Files.writeString(
                folder.resolve("zoo.cfg"),
                "dataDir=" + folder.resolve("data") + "\nclientPort=" + ports[0] + "\n4lw.commands.whitelist=srvr\n");

        // when
        servers.add(OttlaProcess.run(folder, List.of(), List.of("zookeeper", file.toString())));

        // then
        await().atMost(SOON).until(() -> serves(ports[0]));
    }

    @Test
    void shouldSayWhatIsWrongInOneLine() throws Exception {
        assertRefused("none.cfg", null, "Expected a file of settings in", "none.cfg");
        assertRefused("empty.cfg", "clientPort=0\n", "empty.cfg: Expected dataDir");
        assertRefused("nonsense.cfg", "dataDir=" + folder.resolve("a") + "\ntickTime=soon\n", "nonsense.cfg: ", "soon");
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.writeString(other.resolve("myid"), "2\n");
        assertRefused("other.cfg", "dataDir=" + other + "\nclientPort=0\nmyid=1\n", "Expected myid=2", "but it is 1.");
    }

    private void assertRefused(String name, String text, String... says) throws Exception {
        Path file = folder.resolve(name);
        if (text != null) {
            Files.writeString(file, text);
        }
        try (OttlaProcess server = OttlaProcess.run(folder, List.of(), List.of("zookeeper", file.toString()))) {
            assertThat(server.exitCode(SOON)).isEqualTo(1);
            assertThat(server.output()).contains(says).doesNotContain("\tat ");
        }
    }

    private void start(int id, int[] ports) throws IOException {
        StringBuilder text =
                new StringBuilder("tickTime=500\ninitLimit=20\nsyncLimit=10\n4lw.commands.whitelist=srvr\n");
        for (int server = 1; server <= 3; server++) {
            text.append("server.%d=127.0.0.1:%d:%d;127.0.0.1:%d\n"
                    .formatted(server, ports[2 + server], ports[5 + server], ports[server - 1]));
        }
        Path own = Files.createDirectory(folder.resolve("server-" + id));
        text.append("dataDir=")
                .append(own.resolve("data"))
                .append("\nmyid=")
                .append(id)
                .append('\n');
        Path file = Files.writeString(own.resolve("zoo.cfg"), text);
        servers.add(OttlaProcess.run(own, List.of(), List.of("zookeeper", file.toString())));
    }

    /** As the probe asks. */
    private static boolean serves(int port) throws IOException, InterruptedException {
        Process asks = new ProcessBuilder("bash", HEALTHCHECK.toString(), Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(asks.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return asks.exitValue() == 0;
    }

    private static int[] freePorts(int count) throws IOException {
        int[] ports = new int[count];
        List<ServerSocket> taken = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                taken.add(socket);
                ports[i] = socket.getLocalPort();
            }
        } finally {
            for (ServerSocket socket : taken) {
                socket.close();
            }
        }
        return ports;
    }
}
