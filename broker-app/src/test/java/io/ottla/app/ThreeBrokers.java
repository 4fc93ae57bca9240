package io.ottla.app;

import io.ottla.app.zookeeper.EmbeddedZooKeeper;
import io.ottla.time.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Brokers 1, 2 and 3 as processes of their own, beside one ZooKeeper. */
public final class ThreeBrokers implements AutoCloseable {
    private final Path folder;
    private final EmbeddedZooKeeper zooKeeper;
    private final Map<Integer, OttlaProcess> brokers = new TreeMap<>();

    private ThreeBrokers(Path folder, EmbeddedZooKeeper zooKeeper) {
        this.folder = folder;
        this.zooKeeper = zooKeeper;
    }

    /** Starts them with all their data below the folder, and waits until they serve. */
    public static ThreeBrokers start(Path folder) throws IOException, InterruptedException {
        EmbeddedZooKeeper zooKeeper = new EmbeddedZooKeeper(
                folder.resolve("zookeeper"), 0, Clock.system(), (delayMs, task) -> () -> true, Runnable::run);
        zooKeeper.start();
        ThreeBrokers three = new ThreeBrokers(folder, zooKeeper);
        try {
            three.startAll();
            return three;
        } catch (IOException | RuntimeException | Error e) {
            three.close();
            throw e;
        }
    }

    /** Starts all three, which do not run, and waits until they serve. */
    void startAll() throws IOException {
        for (int id = 1; id <= 3; id++) {
            launch(id);
        }
        brokers.values().forEach(OttlaProcess::awaitReady);
    }

    /** Starts one that does not run, and waits until it serves. */
    public void start(int id) throws IOException {
        launch(id);
        brokers.get(id).awaitReady();
    }

    /** At the address that it had before: a client that was idle meanwhile knows no other. */
    private void launch(int id) throws IOException {
        Path own = Files.createDirectories(own(id));
        OttlaProcess before = brokers.get(id);
        brokers.put(
                id,
                OttlaProcess.serve(
                        own,
                        "zookeeper.connect=" + zooKeeper.address(),
                        "broker.id=" + id,
                        "listeners=PLAINTEXT://" + (before == null ? "127.0.0.1:0" : before.bootstrap())));
    }

    OttlaProcess broker(int id) {
        return brokers.get(id);
    }

    /** With SIGKILL; returns when it is dead. */
    public void kill(int id) {
        brokers.get(id).close();
    }

    /** Deletes what a broker that does not run has of a topic, as if its disk had been replaced. */
    public void loseLogs(int id, String topic) throws IOException {
        try (Stream<Path> all = Files.walk(own(id).resolve("logs"))) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                if (path.toString().contains("/" + topic + "-")) {
                    Files.delete(path);
                }
            }
        }
    }

    private Path own(int id) {
        return folder.resolve("broker-" + id);
    }

    /** The same with all three, at once. */
    void killAll() {
        brokers.values().forEach(OttlaProcess::kill);
        brokers.values().forEach(OttlaProcess::close);
    }

    public String bootstrap() {
        return brokers.values().stream().map(OttlaProcess::bootstrap).collect(Collectors.joining(","));
    }

    @Override
    public void close() {
        killAll();
        zooKeeper.close();
    }
}
