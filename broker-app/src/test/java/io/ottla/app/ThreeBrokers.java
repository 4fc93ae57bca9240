package io.ottla.app;

import io.ottla.app.zookeeper.EmbeddedZooKeeper;
import io.ottla.time.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Brokers 1, 2 and 3 as processes of their own, beside one ZooKeeper: Ottla's, or Kafka's in the same place, and those that
 * use ZooKeeper may take over from one another.
 */
public final class ThreeBrokers implements AutoCloseable {
    private final Path folder;
    private final EmbeddedZooKeeper zooKeeper;
    private final List<String> settings;
    private final Map<Integer, RunningBroker> brokers = new TreeMap<>();
    private final Map<Integer, String> controllers = new TreeMap<>();
    private BrokerMake make;

    private ThreeBrokers(Path folder, EmbeddedZooKeeper zooKeeper, BrokerMake make, List<String> settings) {
        this.folder = folder;
        this.zooKeeper = zooKeeper;
        this.make = make;
        this.settings = settings;
    }

    /** Starts Ottla's with all their data below the folder, and waits until they serve. */
    public static ThreeBrokers start(Path folder) throws IOException, InterruptedException {
        return start(folder, BrokerMake.OTTLA);
    }

    /** The same with those of a make, and with settings that all makes know; OWN in them is {@link #own each one's folder}. */
    public static ThreeBrokers start(Path folder, BrokerMake make, String... settings)
            throws IOException, InterruptedException {
        EmbeddedZooKeeper zooKeeper = new EmbeddedZooKeeper(
                folder.resolve("zookeeper"), 0, Clock.system(), (delayMs, task) -> () -> true, Runnable::run);
        zooKeeper.start();
        ThreeBrokers three = new ThreeBrokers(folder, zooKeeper, make, List.of(settings));
        try {
            three.startAll();
            return three;
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            three.close();
            throw e;
        }
    }

    /** Starts all three, which do not run, and waits until they serve. */
    public void startAll() throws IOException, InterruptedException {
        for (int id = 1; id <= 3; id++) {
            launch(id);
        }
        brokers.values().forEach(RunningBroker::awaitReady);
    }

    /** Starts all three, which do not run, as brokers of this make, on the disks and the ZooKeeper of those before. */
    public void startAll(BrokerMake next) throws IOException, InterruptedException {
        make = next;
        startAll();
    }

    /** Starts one that does not run, and waits until it serves. */
    public void start(int id) throws IOException, InterruptedException {
        launch(id);
        brokers.get(id).awaitReady();
    }

    /** Starts those that do not run, and waits until they serve. */
    public void startMissing() throws IOException, InterruptedException {
        for (Map.Entry<Integer, RunningBroker> each : brokers.entrySet()) {
            if (!each.getValue().isAlive()) {
                start(each.getKey());
            }
        }
    }

    /** At the address that it had before: a client that was idle meanwhile knows no other. */
    private void launch(int id) throws IOException, InterruptedException {
        Path own = Files.createDirectories(own(id));
        RunningBroker before = brokers.get(id);
        String address = before == null ? null : before.bootstrap();
        List<String> told = settings.stream()
                .map(setting -> setting.replace("OWN", own.toString()))
                .toList();
        List<String> all = new ArrayList<>(told);
        all.add("zookeeper.connect=" + zooKeeper.address());
        brokers.put(
                id,
                switch (make) {
                    case OTTLA -> {
                        all.add("broker.id=" + id);
                        all.add("listeners=PLAINTEXT://" + (address == null ? "127.0.0.1:0" : address));
                        yield OttlaProcess.serve(own, all.toArray(String[]::new));
                    }
                    case KAFKA_ON_ZOOKEEPER ->
                        KafkaProcess.onZooKeeper(own, id, address == null ? free() : address, all);
                    case KAFKA_ON_KRAFT -> {
                        for (int voter = 1; voter <= 3; voter++) {
                            controllers.computeIfAbsent(voter, none -> free());
                        }
                        yield KafkaProcess.onKraft(own, id, address == null ? free() : address, controllers, told);
                    }
                });
    }

    private static String free() {
        return "127.0.0.1:" + KafkaProcess.freePort();
    }

    OttlaProcess broker(int id) {
        return (OttlaProcess) brokers.get(id);
    }

    /** Where one serves clients. */
    public String address(int id) {
        return brokers.get(id).bootstrap();
    }

    public String zooKeeper() {
        return zooKeeper.address();
    }

    /** With SIGKILL; returns when it is dead. */
    public void kill(int id) {
        brokers.get(id).close();
    }

    /** With SIGTERM; returns when it has ended. */
    public void stop(int id) throws InterruptedException {
        brokers.get(id).stop();
    }

    /** Stops one with SIGTERM and starts it again; returns when it serves. */
    public void restart(int id) throws IOException, InterruptedException {
        stop(id);
        start(id);
    }

    /** With SIGTERM, one after the other; returns when all have ended. */
    public void stopAll() throws InterruptedException {
        for (RunningBroker broker : brokers.values()) {
            broker.stop();
        }
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

    /** Below which one has its data. */
    public Path own(int id) {
        return folder.resolve("broker-" + id);
    }

    /** The same with all three, at once. */
    void killAll() {
        brokers.values().forEach(RunningBroker::kill);
        brokers.values().forEach(RunningBroker::close);
    }

    public String bootstrap() {
        return brokers.values().stream().map(RunningBroker::bootstrap).collect(Collectors.joining(","));
    }

    /** The same without those that do not run. */
    public String alive() {
        return brokers.values().stream()
                .filter(RunningBroker::isAlive)
                .map(RunningBroker::bootstrap)
                .collect(Collectors.joining(","));
    }

    @Override
    public void close() {
        killAll();
        zooKeeper.close();
    }
}
