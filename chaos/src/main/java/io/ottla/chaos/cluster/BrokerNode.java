package io.ottla.chaos.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** One of the brokers: a process that runs, is stopped or is dead, and its folders. */
public final class BrokerNode {
    static final Duration START = Duration.ofMinutes(5);
    private static final Duration STOP = Duration.ofMinutes(2);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final int id;
    private final Path folder;
    private final int clientPort;
    private final int consolePort;
    private final Daemon daemon;
    private final Launcher launcher;
    private final Network network;
    private final FakeClock clock;

    BrokerNode(
            int id,
            Path folder,
            int clientPort,
            int consolePort,
            Daemon daemon,
            Launcher launcher,
            Network network,
            FakeClock clock) {
        this.id = id;
        this.folder = folder;
        this.clientPort = clientPort;
        this.consolePort = consolePort;
        this.daemon = daemon;
        this.launcher = launcher;
        this.network = network;
        this.clock = clock;
    }

    public int id() {
        return id;
    }

    String bootstrap() {
        return "127.0.0.1:" + clientPort;
    }

    /** Null where the clock of its process can't be changed. */
    public FakeClock clock() {
        return clock;
    }

    Path properties() {
        return folder.resolve("server.properties");
    }

    /** Where its logs are: it goes on while one of them fails. */
    public List<Path> logFolders() {
        return List.of(folder.resolve("logs-1"), folder.resolve("logs-2"));
    }

    void launch() throws IOException {
        Path hosts = network.hostsFile(id, folder);
        List<String> options = new ArrayList<>(List.of("-Djdk.net.hosts.file=" + hosts));
        daemon.start(
                launcher.broker(properties(), options),
                clock == null ? Map.of() : clock.environment(),
                () -> Cluster.look(network, id));
        network.expect(id, daemon::isAlive);
    }

    void awaitReady() throws IOException, InterruptedException {
        if (!Conditions.await(START, () -> answers(PATIENCE))) {
            throw new IOException("Expected broker " + id + " to answer within " + START + "; see " + daemon.output());
        }
        network.lookAt(id);
    }

    /** Starts it, which does not run, and waits until it answers clients. */
    public void start() throws IOException, InterruptedException {
        launch();
        awaitReady();
    }

    public void kill() throws InterruptedException {
        daemon.kill();
    }

    /** In order. @throws IOException where it does not end */
    public void stop() throws IOException, InterruptedException {
        if (!daemon.stop(STOP)) {
            throw new IOException(
                    "Expected broker " + id + " to end within " + STOP + " of SIGTERM; see " + daemon.output());
        }
    }

    public boolean isAlive() {
        return daemon.isAlive();
    }

    public void pause() throws IOException, InterruptedException {
        daemon.signal("STOP");
    }

    public void resume() throws IOException, InterruptedException {
        daemon.signal("CONT");
    }

    /** The letter of its state in /proc, such as T for stopped. */
    public String state() throws IOException {
        return daemon.state();
    }

    public long pid() {
        return daemon.pid();
    }

    /** It may have to give up, and is not to blame for it, until it is started again. */
    public void mayEnd() {
        daemon.mayEnd();
    }

    /** Whether its clients are answered. */
    public boolean answers(Duration patience) {
        return Probe.BROKER.isAnswered(new InetSocketAddress("127.0.0.1", clientPort), patience);
    }

    /** How many lines of what it has printed match. */
    public long printed(Pattern pattern) throws IOException {
        if (!Files.exists(daemon.output())) {
            return 0;
        }
        try (var lines = Files.lines(daemon.output(), StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> pattern.matcher(line).find()).count();
        }
    }

    /** How far its clock is ahead of ours, to the second, by what its web server says. */
    public Duration ahead() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + consolePort + "/livez"))
                .timeout(Duration.ofSeconds(5))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<Void> response = client.send(request, HttpResponse.BodyHandlers.discarding());
            String date = response.headers()
                    .firstValue("Date")
                    .orElseThrow(() -> new IOException("Expected broker " + id + " to tell the time"));
            return Duration.between(
                    Instant.now(),
                    ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
        }
    }
}
