package io.ottla.chaos.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/** Brokers 1, 2 and 3 beside a ZooKeeper, all of them processes, below one folder. */
public final class Cluster implements AutoCloseable {
    /** The number of ZooKeeper's host. */
    public static final int ZOOKEEPER = 9;

    /** How many the topic of groups' offsets has, and that of transactions. */
    public static final int OFFSETS_PARTITIONS = 6;

    static final List<Integer> IDS = List.of(1, 2, 3);

    private final Network network;
    private final ZooKeeperNode zooKeeper;
    private final Map<Integer, BrokerNode> brokers = new TreeMap<>();

    /**
     * Nothing runs yet.
     *
     * @param faketime the library for clocks that jump, where it is to be used
     * @param complaint gets what went wrong by itself
     */
    public Cluster(Path folder, Launcher launcher, Optional<Path> faketime, Consumer<String> complaint)
            throws IOException {
        List<Integer> ports = Ports.free(IDS.size() * 3 + 1);
        int zooKeeperPort = ports.getLast();
        Map<Integer, Integer> dialled = new HashMap<>(Map.of(ZOOKEEPER, zooKeeperPort));
        IDS.forEach(id -> dialled.put(id, ports.get(id * 3 - 1)));
        network = new Network(Stream.concat(IDS.stream(), Stream.of(ZOOKEEPER)).toList(), dialled);
        Path logs = Files.createDirectories(folder.resolve("output"));
        Path own = Files.createDirectories(folder.resolve("zookeeper"));
        zooKeeper = new ZooKeeperNode(
                new Daemon(
                        "zookeeper",
                        logs.resolve("zookeeper.log"),
                        code -> complaint.accept("ZooKeeper ended by itself with " + code)),
                ZooKeeperNode.command(launcher, zooKeeperPort, own),
                network,
                ZOOKEEPER,
                zooKeeperPort);
        for (int id : IDS) {
            Path home = Files.createDirectories(folder.resolve("broker-" + id));
            FakeClock clock = faketime.isPresent() ? new FakeClock(faketime.get(), home.resolve("clock")) : null;
            Daemon daemon = new Daemon(
                    "broker " + id,
                    logs.resolve("broker-" + id + ".log"),
                    code -> complaint.accept("broker " + id + " ended by itself with " + code));
            BrokerNode broker = new BrokerNode(
                    id, home, ports.get(id * 3 - 3), ports.get(id * 3 - 2), daemon, launcher, network, clock);
            brokers.put(id, broker);
            Files.write(
                    broker.properties(),
                    settings(broker, ports.get(id * 3 - 3), ports.get(id * 3 - 1), ports.get(id * 3 - 2)));
        }
    }

    private List<String> settings(BrokerNode broker, int clientPort, int peerPort, int consolePort) {
        int id = broker.id();
        String logs = broker.logFolders().stream().map(Path::toString).collect(Collectors.joining(","));
        return List.of(
                "broker.id=" + id,
                "listeners=CLIENT://127.0.0.1:" + clientPort + ",PEER://127.0.0.1:" + peerPort,
                "advertised.listeners=CLIENT://127.0.0.1:" + clientPort + ",PEER://" + Network.nameOf(id) + ":"
                        + peerPort,
                "listener.security.protocol.map=CLIENT:PLAINTEXT,PEER:PLAINTEXT",
                "inter.broker.listener.name=PEER",
                "zookeeper.connect=" + Network.nameOf(ZOOKEEPER) + ":"
                        + network.address(id, ZOOKEEPER).getPort(),
                "log.dirs=" + logs,
                "server.port=" + consolePort,
                "auto.create.topics.enable=false",
                "min.insync.replicas=2",
                "log.retention.ms=-1",
                // So small a step that a throttled move is not over with the first one.
                "replica.fetch.max.bytes=65536",
                "replica.alter.log.dirs.io.max.bytes.per.second=500000",
                "offsets.topic.num.partitions=" + OFFSETS_PARTITIONS,
                "offsets.topic.replication.factor=3",
                "transaction.state.log.num.partitions=" + OFFSETS_PARTITIONS,
                "transaction.state.log.replication.factor=3",
                "transaction.state.log.min.isr=2",
                "transaction.abort.timed.out.transaction.cleanup.interval.ms=1000");
    }

    /** Starts all, which do not run, and waits until they answer. */
    public void start() throws IOException, InterruptedException {
        zooKeeper.start();
        for (BrokerNode broker : brokers.values()) {
            broker.launch();
        }
        for (BrokerNode broker : brokers.values()) {
            broker.awaitReady();
        }
    }

    /** Starts those that do not run, wakes those that sleep, makes all ways open; returns when all answer. */
    public void healAll() throws IOException, InterruptedException {
        network.healAll();
        if (zooKeeper.isAlive()) {
            zooKeeper.resume();
        } else {
            zooKeeper.start();
        }
        for (BrokerNode broker : brokers.values()) {
            if (broker.isAlive()) {
                broker.resume();
            } else {
                broker.launch();
            }
        }
        for (BrokerNode broker : brokers.values()) {
            broker.awaitReady();
        }
    }

    public Network network() {
        return network;
    }

    public ZooKeeperNode zooKeeper() {
        return zooKeeper;
    }

    public Collection<BrokerNode> brokers() {
        return brokers.values();
    }

    public BrokerNode broker(int id) {
        return brokers.get(id);
    }

    public String bootstrap() {
        return brokers.values().stream().map(BrokerNode::bootstrap).collect(Collectors.joining(","));
    }

    public Admin admin() {
        return Admin.create(Map.of(
                "bootstrap.servers",
                bootstrap(),
                "request.timeout.ms",
                3_000,
                "default.api.timeout.ms",
                10_000,
                "reconnect.backoff.max.ms",
                500));
    }

    /** The controller, or who is told to be; empty where nobody says. */
    public Optional<BrokerNode> controller() throws InterruptedException {
        try (Admin admin = admin()) {
            return Optional.ofNullable(admin.describeCluster().controller().get(10, TimeUnit.SECONDS))
                    .map(node -> brokers.get(node.id()));
        } catch (ExecutionException | TimeoutException nobodySays) {
            return Optional.empty();
        }
    }

    /** Who leads a partition; empty where nobody does or nobody says. */
    public Optional<BrokerNode> leader(String topic, int partition) throws InterruptedException {
        try (Admin admin = admin()) {
            return Optional.ofNullable(admin.describeTopics(List.of(topic))
                            .allTopicNames()
                            .get(10, TimeUnit.SECONDS)
                            .get(topic)
                            .partitions()
                            .get(partition)
                            .leader())
                    .map(node -> brokers.get(node.id()));
        } catch (ExecutionException | TimeoutException nobodySays) {
            return Optional.empty();
        }
    }

    /** Who coordinates a transaction that is open; empty where none is or nobody says. */
    public Optional<BrokerNode> transactionCoordinator() throws InterruptedException {
        try (Transactions transactions = new Transactions(this)) {
            return transactions.coordinator().map(brokers::get);
        } catch (ExecutionException nobodySays) {
            return Optional.empty();
        }
    }

    static void look(Network network, int host) {
        try {
            network.lookAt(host);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills all. */
    @Override
    public void close() throws IOException {
        boolean interrupted = false;
        try {
            for (BrokerNode broker : brokers.values()) {
                broker.kill();
            }
            zooKeeper.kill();
        } catch (InterruptedException e) {
            interrupted = true;
        }
        network.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
