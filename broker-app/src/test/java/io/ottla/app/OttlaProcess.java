package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process of its own that runs Ottla in a folder, on ports that the system chooses. */
public final class OttlaProcess implements RunningBroker {
    static final Duration START = Duration.ofSeconds(90);
    private static final Pattern LISTENER = Pattern.compile("listeners +\\S*?PLAINTEXT://([^,\\s]+)");
    private static final Pattern CONSOLE = Pattern.compile("console +(http://\\S+)/");

    private static final Pattern PASSWORD = Pattern.compile("with the password (\\S+)");

    private final Process process;
    private final Path output;

    private OttlaProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts a broker whose ports are any free ones and whose data lies below the folder. */
    public static OttlaProcess serve(Path folder, String... overrides) {
        return run(folder, List.of(), serving(folder, overrides));
    }

    /** The same under limits of the system that a shell's command sets, and with options for its JVM. */
    static OttlaProcess serveWithin(String limits, List<String> jvmOptions, Path folder, String... overrides) {
        return run(
                List.of("sh", "-c", limits + "; exec \"$@\"", "sh"),
                folder,
                jvmOptions,
                serving(folder, overrides),
                Map.of());
    }

    private static List<String> serving(Path folder, String... overrides) {
        List<String> arguments = new ArrayList<>(List.of("server"));
        List<String> settings = new ArrayList<>(List.of(
                "listeners=PLAINTEXT://127.0.0.1:0",
                "zookeeper.embedded.port=0",
                "server.port=0",
                // Tests compare what topics there are; those of the collector switch it on.
                "console.lag.refresh=0",
                // No topic but those of the test.
                "console.audit.topic=",
                "log.dirs=" + folder.resolve("logs")));
        settings.addAll(Arrays.asList(overrides));
        for (String setting : settings) {
            arguments.add("--override");
            arguments.add(setting);
        }
        return arguments;
    }

    /** Runs the program with the folder as its working directory. */
    static OttlaProcess run(Path folder, List<String> jvmOptions, List<String> arguments) {
        return run(List.of(), folder, jvmOptions, arguments, Map.of());
    }

    /** Runs it with these variables on top. */
    static OttlaProcess run(
            Path folder, List<String> jvmOptions, List<String> arguments, Map<String, String> environment) {
        return run(List.of(), folder, jvmOptions, arguments, environment);
    }

    private static OttlaProcess run(
            List<String> launcher,
            Path folder,
            List<String> jvmOptions,
            List<String> arguments,
            Map<String, String> environment) {
        List<String> command = new ArrayList<>(launcher);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                // As the jar's manifest has it.
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                // As it ships; on the class path of tests lies a quieter one, which would win.
                "-Dlogging.config=classpath:logback-spring.xml"));
        if (Boolean.getBoolean("spring-boot.aot.skip")) {
            command.add("-Dspring.aot.enabled=false"); // What an earlier build has prepared may be out of date.
        }
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), OttlaApplication.class.getName()));
        command.addAll(arguments);
        try {
            Path output = Files.createTempFile("ottla-process", ".log");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("KAFKA_") || name.startsWith("SERVER_"));
            builder.environment().putAll(environment);
            return new OttlaProcess(builder.start(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it serves clients and its console answers. */
    @Override
    public OttlaProcess awaitReady() {
        await().atMost(START)
                .until(() -> !process.isAlive() || CONSOLE.matcher(output()).find());
        assertThat(process.isAlive()).as(output()).isTrue();
        return this;
    }

    @Override
    public String bootstrap() {
        return found(LISTENER);
    }

    /** @param headers name, value, name, value, … */
    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(found(CONSOLE) + path)).timeout(Duration.ofSeconds(30));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    /** Sends a body by any method; headers as {@link #get} has them. */
    HttpResponse<String> send(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(found(CONSOLE) + path))
                .timeout(Duration.ofSeconds(30))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    /** Where the console answers, such as {@code http://127.0.0.1:8080}. */
    String console() {
        return found(CONSOLE);
    }

    /** What the first start says once. */
    String password() {
        return found(PASSWORD);
    }

    /** What its output says at a place. */
    String said(Pattern pattern) {
        return found(pattern);
    }

    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What SIGTERM does. */
    void terminate() {
        process.destroy();
    }

    @Override
    public void stop() throws InterruptedException {
        terminate();
        exitCode(START);
    }

    @Override
    public void kill() {
        process.destroyForcibly();
    }

    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for its end and returns the exit code. */
    int exitCode(Duration patience) throws InterruptedException {
        assertThat(process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS))
                .as(output())
                .isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }

    private String found(Pattern pattern) {
        Matcher matcher = pattern.matcher(output());
        assertThat(matcher.find()).as(output()).isTrue();
        return matcher.group(1);
    }
}
