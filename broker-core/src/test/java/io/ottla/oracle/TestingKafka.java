package io.ottla.oracle;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;

/**
 * Apache Kafka itself, as one combined broker and controller in a process of its own on free ports of 127.0.0.1. Its jars are
 * those of {@code bin/kafka-run-class.sh}, which Maven resolves on first use: they never lie on Ottla's class path.
 */
final class TestingKafka implements AutoCloseable {
    private static final Path ROOT = Files.exists(Path.of("docs")) ? Path.of("") : Path.of("..");
    private static final int START_SECONDS = 120;

    private final Path folder;
    private final int port;
    private final Process process;

    TestingKafka(Path folder, Map<String, String> more) throws Exception {
        this.folder = folder;
        Files.createDirectories(folder);
        int controllerPort;
        try (ServerSocket one = free();
                ServerSocket other = free()) {
            port = one.getLocalPort();
            controllerPort = other.getLocalPort();
        }
        Path properties = folder.resolve("server.properties");
        Files.writeString(properties, """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%2$d
                controller.listener.names=CONTROLLER
                listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
                inter.broker.listener.name=PLAINTEXT
                listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
                log.dirs=%3$s
                offsets.topic.replication.factor=1
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                %4$s
                """.formatted(
                        port,
                        controllerPort,
                        folder.resolve("data").toAbsolutePath(),
                        more.entrySet().stream()
                                .map(entry -> entry.getKey() + "=" + entry.getValue())
                                .collect(Collectors.joining("\n"))));
        Process format = run(
                "format.log",
                "kafka.tools.StorageTool",
                "format",
                "-t",
                "b3R0bGEtb3JhY2xlLXRlc3Q",
                "-c",
                properties.toAbsolutePath().toString());
        if (format.waitFor() != 0) {
            throw new IOException(
                    "Expected Kafka's folder to be formatted, but: " + Files.readString(folder.resolve("format.log")));
        }
        process = run("kafka.log", "kafka.Kafka", properties.toAbsolutePath().toString());
        awaitAnswer();
    }

    private static ServerSocket free() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    private Process run(String log, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ROOT.resolve("bin/kafka-run-class.sh").toAbsolutePath().toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(log).toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder.start();
    }

    private void awaitAnswer() throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        try (Admin admin = Admin.create(Map.of(
                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                "127.0.0.1:" + port,
                CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG,
                START_SECONDS * 1000))) {
            admin.describeCluster().nodes().get(Math.max(1, until - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (Exception e) {
            process.destroyForcibly();
            throw new IOException("Expected Kafka to answer, but: " + Files.readString(folder.resolve("kafka.log")), e);
        }
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
