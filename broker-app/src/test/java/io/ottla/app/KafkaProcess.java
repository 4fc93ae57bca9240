package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/** A broker of Apache Kafka in a process of its own. */
final class KafkaProcess implements RunningBroker {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Process process;
    private final Path output;
    private final int id;
    private final String address;

    private KafkaProcess(Process process, Path output, int id, String address) {
        this.process = process;
        this.output = output;
        this.id = id;
        this.address = address;
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts one that keeps its state in ZooKeeper, with its data in the same place below the folder as Ottla. */
    static KafkaProcess onZooKeeper(Path folder, int id, String address, List<String> settings)
            throws IOException, InterruptedException {
        return onZooKeeper(KafkaRelease.V3_9, folder, id, address, settings);
    }

    /** The same of another release. */
    static KafkaProcess onZooKeeper(KafkaRelease release, Path folder, int id, String address, List<String> settings)
            throws IOException, InterruptedException {
        return start(release, folder, id, address, lines(settings, "broker.id=" + id, listeners(address)));
    }

    /**
     * Starts one of a cluster without ZooKeeper.
     *
     * @param controllers where each broker is a controller too
     */
    static KafkaProcess onKraft(
            Path folder, int id, String address, Map<Integer, String> controllers, List<String> settings)
            throws IOException, InterruptedException {
        StringBuilder voters = new StringBuilder();
        controllers.forEach(
                (voter, at) -> voters.append(voters.isEmpty() ? "" : ",").append(voter + "@" + at));
        List<String> lines = lines(
                settings,
                "process.roles=broker,controller",
                "node.id=" + id,
                "controller.quorum.voters=" + voters,
                "controller.listener.names=CONTROLLER",
                "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
                "inter.broker.listener.name=PLAINTEXT",
                listeners(address) + ",CONTROLLER://" + controllers.get(id),
                "advertised." + listeners(address));
        Path properties = properties(folder, lines);
        Path said = folder.resolve("format.log");
        Process format = launch(
                said,
                KafkaRelease.V4_3.command(
                        "kafka.tools.StorageTool",
                        "format",
                        "--ignore-formatted",
                        "-t",
                        "b3R0bGEtdG9vbHMtdGVzdA",
                        "-c",
                        properties.toString()));
        assertThat(format.waitFor()).as(Files.readString(said)).isZero();
        return start(KafkaRelease.V4_3, folder, id, address, lines);
    }

    private static String listeners(String address) {
        return "listeners=PLAINTEXT://" + address;
    }

    private static List<String> lines(List<String> settings, String... own) {
        return Stream.concat(Arrays.stream(own), settings.stream()).toList();
    }

    private static Path properties(Path folder, List<String> lines) throws IOException {
        return Files.writeString(
                        folder.resolve("server.properties"),
                        "log.dirs=" + folder.resolve("logs") + "\n" + String.join("\n", lines) + "\n")
                .toAbsolutePath();
    }

    private static KafkaProcess start(KafkaRelease release, Path folder, int id, String address, List<String> lines)
            throws IOException, InterruptedException {
        Path output = folder.resolve("kafka.log");
        Process process = launch(
                output, release.command("kafka.Kafka", properties(folder, lines).toString()));
        return new KafkaProcess(process, output, id, address);
    }

    private static Process launch(Path output, List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    @Override
    public String bootstrap() {
        return address;
    }

    @Override
    public KafkaProcess awaitReady() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> !process.isAlive()
                            || admin.describeCluster().nodes().get().stream().anyMatch(node -> node.id() == id));
        }
        assertThat(process.isAlive()).as(said()).isTrue();
        return this;
    }

    private String said() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void stop() throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as(said())
                .isTrue();
    }

    @Override
    public void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
