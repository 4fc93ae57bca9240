package io.ottla.broker;

import io.ottla.cluster.BrokerLifecycle;
import io.ottla.cluster.BrokerState;
import io.ottla.cluster.ClusterIdentity;
import io.ottla.config.BrokerConfig;
import io.ottla.config.LoggerLevels;
import io.ottla.config.NetworkProperties.Listener;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import io.ottla.network.ListenProbe;
import io.ottla.replication.CatchUp;
import io.ottla.replication.Replicas;
import io.ottla.storage.Disk;
import io.ottla.storage.FolderInspection;
import io.ottla.storage.FolderLocks;
import io.ottla.storage.UnusableFolderException;
import io.ottla.time.Clock;
import io.ottla.types.BrokerId;
import io.ottla.types.Figures;
import io.ottla.zookeeper.ConsoleNodes;
import io.ottla.zookeeper.NodeTree;
import io.ottla.zookeeper.SessionStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * One broker: everything between its sockets, its log folders and ZooKeeper. {@link #start} and {@link #close} are called
 * once each, in this order; close may come in the middle of a start, from another thread. The rest is thread-safe.
 */
public final class Broker implements AutoCloseable {
    private final BrokerConfig config;
    private final String embeddedZooKeeper;
    private final LoggerLevels loggers;
    private final Metrics metrics;
    private final Supplier<BrokerPorts> ports;
    private final Clock clock;
    private final BrokerLifecycle lifecycle;
    /** Also while they are being opened. */
    private volatile BrokerParts made;

    private volatile BrokerParts started;

    /**
     * Opens nothing yet.
     *
     * @param embeddedZooKeeper host and port of the ZooKeeper beside this broker; null where {@code zookeeper.connect} names
     *     one
     * @param loggers of the process, as DescribeConfigs shows them
     */
    public Broker(BrokerConfig config, String embeddedZooKeeper, LoggerLevels loggers, Metrics metrics, Clock clock) {
        this(config, embeddedZooKeeper, loggers, metrics, clock, () -> new MachinePorts(config, clock, metrics));
    }

    /**
     * As above, in a world of the caller's making.
     *
     * @param ports made when the broker starts
     */
    public Broker(
            BrokerConfig config,
            String embeddedZooKeeper,
            LoggerLevels loggers,
            Metrics metrics,
            Clock clock,
            Supplier<BrokerPorts> ports) {
        if (config.zooKeeper().embedded() == (embeddedZooKeeper == null)) {
            throw new IllegalArgumentException(
                    "Expected one of zookeeper.connect and an embedded ZooKeeper, but there are both or neither");
        }
        this.config = config;
        this.embeddedZooKeeper = embeddedZooKeeper;
        this.loggers = loggers;
        this.metrics = metrics;
        this.ports = ports;
        this.clock = clock;
        this.lifecycle = new BrokerLifecycle(metrics);
    }

    /**
     * Looks through the log folders, before a broker is made or a ZooKeeper beside it started: writes nothing.
     *
     * @throws BrokerStartException where one holds what is not a broker's
     */
    public static void inspectFolders(BrokerConfig config) throws BrokerStartException {
        try {
            FolderInspection.require(Disk.system(), config.logDirs());
        } catch (UnusableFolderException e) {
            throw new BrokerStartException(e.getMessage(), e);
        }
    }

    /**
     * Looks whether the listeners can be opened, before anything is made. Not for a broker that was here before: it may
     * listen elsewhere by now (KIP-226), which only ZooKeeper knows.
     *
     * @return a sentence for each that can't
     */
    public static List<String> inspectListeners(BrokerConfig config) {
        if (config.logDirs().stream().anyMatch(FolderInspection::isNamed)) {
            return List.of();
        }
        return config.network().listeners().stream()
                .filter(listener -> listener.port() != 0)
                .map(ListenProbe::refusal)
                .filter(Objects::nonNull)
                .toList();
    }

    /**
     * Makes sure that the folders belong to no cluster, where the ZooKeeper beside this broker has no data yet.
     *
     * @param zooKeeper its folder
     * @throws BrokerStartException where one belongs to a cluster that this ZooKeeper can't know, or to a broker that runs
     */
    public static void requireNewFolders(BrokerConfig config, Path zooKeeper) throws BrokerStartException {
        try {
            List<String> problems = ClusterIdentity.clusterProblems(
                    null,
                    NamedFolders.of(FolderInspection.identities(Disk.system(), config.logDirs())),
                    NamedFolders.embedded(zooKeeper));
            if (!problems.isEmpty()) {
                FolderLocks.requireFree(Disk.system(), config.logDirs());
                throw new BrokerStartException(problems, null);
            }
        } catch (IOException e) {
            throw new BrokerStartException(e.getMessage(), e);
        }
    }

    /**
     * Takes the folders, joins the cluster, recovers the logs, and serves. Blocks until clients are served.
     *
     * @throws BrokerStartException with what is in the way; nothing stays open
     */
    public void start() throws BrokerStartException, InterruptedException {
        lifecycle.advance(BrokerState.STARTING);
        BrokerParts parts = new BrokerParts(config, embeddedZooKeeper, loggers, metrics, ports.get(), lifecycle);
        made = parts;
        boolean done = false;
        try {
            parts.open();
            started = parts;
            metrics.gauge(
                    "kafka_server_kafkaserver_uptimems",
                    "Milliseconds since the broker began to serve",
                    Labels.NONE,
                    uptime());
            done = true;
        } catch (IOException e) {
            throw new BrokerStartException(e.getMessage() == null ? e.toString() : e.getMessage(), e);
        } finally {
            if (!done) {
                lifecycle.shutDown();
                parts.close();
                lifecycle.advance(BrokerState.NOT_RUNNING);
            }
        }
        lifecycle.advance(BrokerState.RUNNING);
    }

    private DoubleSupplier uptime() {
        long sinceMs = clock.monotonicMs();
        return () -> clock.monotonicMs() - sinceMs;
    }

    public BrokerState state() {
        return lifecycle.state();
    }

    /** {@link BrokerId#NONE} until it serves. */
    public BrokerId id() {
        BrokerParts now = started;
        return now == null ? BrokerId.NONE : now.id();
    }

    /** Whether it is the controller as far as it knows; not until it serves. */
    public boolean isController() {
        BrokerParts now = started;
        return now != null && now.isController();
    }

    /** 22 characters; empty until it serves. */
    public String clusterId() {
        BrokerParts now = started;
        return now == null ? "" : now.clusterId();
    }

    /** Where it listens, with the ports it really got; empty until it serves. */
    public List<Listener> listeners() {
        BrokerParts now = started;
        return now == null ? List.of() : now.listeners();
    }

    /** The partitions that it holds, for those who look on; null until it serves. */
    public Replicas replicas() {
        BrokerParts now = started;
        return now == null ? null : now.replicas();
    }

    /** How its session with ZooKeeper stands; null until it has begun to open one. */
    public SessionStatus zooKeeper() {
        BrokerParts now = made;
        return now == null ? null : now.zooKeeper();
    }

    /** What consoles keep in its ZooKeeper; null until it has begun to open a session. */
    public ConsoleNodes consoleNodes() {
        BrokerParts now = made;
        return now == null ? null : now.consoleNodes();
    }

    /** The nodes of its ZooKeeper, for who looks around; null until it has begun to open a session. */
    public NodeTree nodes() {
        BrokerParts now = made;
        return now == null ? null : now.nodes();
    }

    /** What it has yet to do behind its start before another broker may stop; null until it serves. */
    public CatchUp catchUp() {
        BrokerParts now = started;
        return now == null ? null : now.replicas().catchUp();
    }

    /**
     * Asks all live brokers for some of their metrics, as {@link io.ottla.api.PeerFigures#of}; nobody tells any until this
     * one serves.
     */
    public CompletionStage<Map<BrokerId, Figures>> figures(List<String> names, List<String> topics) {
        BrokerParts now = started;
        return now == null ? CompletableFuture.completedFuture(Map.of()) : now.figures(names, topics);
    }

    /** Whether other brokers can connect. */
    public boolean isListening() {
        BrokerParts now = started;
        return now != null && now.isListening();
    }

    /**
     * Completes when the broker has lost what it can't do without, its last log folder: with a sentence for the operator,
     * on the thread that found it. It keeps running until it is closed, but serves nobody.
     */
    public CompletionStage<String> failure() {
        return lifecycle.failure();
    }

    /**
     * Makes all parts, opens nothing (no folder, no port, no session), and lets them go: so that a run which teaches the
     * JVM's AOT cache has seen most of a start.
     */
    public void rehearse() {
        BrokerParts parts = new BrokerParts(config, embeddedZooKeeper, loggers, metrics, ports.get(), lifecycle);
        try {
            parts.rehearse();
        } catch (BrokerStartException e) {
            throw new IllegalStateException("Expected a configuration that a broker starts with, but: " + e, e);
        } finally {
            parts.close();
        }
    }

    /** Has others lead what it leads, answers what is in flight, brings everything to disk, marks the folders as properly closed, leaves ZooKeeper. */
    @Override
    public void close() {
        BrokerParts now = started;
        if (now != null && lifecycle.leave()) {
            now.leave();
        }
        if (now != null && lifecycle.shutDown()) {
            now.close();
            lifecycle.advance(BrokerState.NOT_RUNNING);
        }
    }
}
