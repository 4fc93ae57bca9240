package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Prometheus as Debian packages it, which scrapes one process each second as the job "ottla" and goes by our rules. */
final class Prometheus implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("msg=\"Listening on\" address=(\\S+)");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What a program said at its end. */
    record Ended(int exitCode, String output) {}

    private final Process process;
    private final Path output;
    private final String address;
    private final HttpClient client = HttpClient.newHttpClient();

    /**
     * @param folder of its own
     * @param target host and port
     * @param path where the metrics are
     */
    Prometheus(Path folder, String target, String path) throws IOException {
        Files.createDirectories(folder);
        Path configuration = folder.resolve("prometheus.yml");
        Files.writeString(configuration, """
                global: {scrape_interval: 1s, evaluation_interval: 1s}
                rule_files: ["%s"]
                scrape_configs:
                  - job_name: ottla
                    metrics_path: %s
                    static_configs: [{targets: ["%s"]}]
                """.formatted(Monitoring.RULES, path, target));
        output = folder.resolve("output.log");
        process = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + configuration,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:0")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        await().atMost(PATIENCE)
                .until(() -> !process.isAlive() || ADDRESS.matcher(output()).find());
        Matcher said = ADDRESS.matcher(output());
        assertThat(said.find()).as(output()).isTrue();
        address = said.group(1);
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    /** The series that an expression has at the moment. */
    JsonNode query(String expression) throws IOException, InterruptedException {
        return get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
                .path("data")
                .path("result");
    }

    /** The value of the first of them; not a number where there is none. */
    double value(String expression) throws IOException, InterruptedException {
        JsonNode result = query(expression);
        return result.isEmpty()
                ? Double.NaN
                : Double.parseDouble(result.path(0).path("value").path(1).asString());
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + path))
                .timeout(PATIENCE)
                .build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as("%s: %s", path, answer.body()).isEqualTo(200);
        return new JsonMapper().readTree(answer.body());
    }

    /** Runs its companion to the end. */
    static Ended promtool(String input, String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = "promtool";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Path said = Files.createTempFile("promtool", ".log");
        Path given = Files.writeString(Files.createTempFile("promtool", ".in"), input);
        Process tool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(given.toFile())
                .redirectOutput(said.toFile())
                .start();
        assertThat(tool.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        Ended ended = new Ended(tool.exitValue(), Files.readString(said));
        Files.delete(said);
        Files.delete(given);
        return ended;
    }

    @Override
    public void close() {
        client.close();
        process.destroyForcibly();
        process.onExit().join();
    }
}
