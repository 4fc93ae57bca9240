package io.ottla.app.clients;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Burrow as Debian packages it: reads the topic of offsets by itself, and says over HTTP how far groups lag behind. */
final class Burrow implements AutoCloseable {
    private final Process process;
    private final Path output;
    private final int port;
    private final HttpClient client = HttpClient.newHttpClient();

    /** @param folder of its own */
    Burrow(Path folder, String bootstrap, String zooKeeper) throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve("burrow.toml"), """
                [general]
                pidfile="%4$s/burrow.pid"
                [logging]
                filename="%4$s/burrow.log"
                level="debug"
                [zookeeper]
                servers=["%2$s"]
                timeout=6
                root-path="/burrow"
                [client-profile.any]
                client-id="burrow"
                kafka-version="2.1.0"
                [cluster.here]
                class-name="kafka"
                servers=["%1$s"]
                client-profile="any"
                topic-refresh=5
                offset-refresh=1
                [consumer.here]
                class-name="kafka"
                cluster="here"
                servers=["%1$s"]
                client-profile="any"
                [httpserver.default]
                address="127.0.0.1:%3$d"
                [storage.default]
                class-name="inmemory"
                workers=2
                intervals=3
                min-distance=1
                """.formatted(bootstrap, zooKeeper, port, folder.toAbsolutePath()));
        output = folder.resolve("output.log");
        process = new ProcessBuilder("Burrow", "--config-dir", folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    /** The groups that it knows, as JSON. */
    String groups() throws IOException, InterruptedException {
        return get("/v3/kafka/here/consumer");
    }

    /** What it has read of a group, as JSON: offsets, owners and lag by topic. */
    String group(String group) throws IOException, InterruptedException {
        return get("/v3/kafka/here/consumer/" + group);
    }

    private String get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(10))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    @Override
    public void close() {
        client.close();
        process.destroyForcibly();
        process.onExit().join();
    }
}
