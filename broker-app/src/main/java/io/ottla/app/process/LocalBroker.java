package io.ottla.app.process;

import io.ottla.app.zookeeper.EmbeddedZooKeeper;
import io.ottla.broker.Broker;
import io.ottla.broker.BrokerStartException;
import io.ottla.concurrent.BoundedPool;
import io.ottla.concurrent.Threads;
import io.ottla.config.BrokerConfig;
import io.ottla.config.NetworkProperties.Listener;
import io.ottla.config.ZooKeeperProperties;
import io.ottla.metrics.Metrics;
import io.ottla.replication.CatchUp;
import io.ottla.time.Clock;
import io.ottla.time.TimerWheel;
import io.ottla.types.BrokerId;
import io.ottla.types.Figures;
import io.ottla.zookeeper.ConsoleNodes;
import io.ottla.zookeeper.NodeTree;
import io.ottla.zookeeper.SessionStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/** The broker of this process, and the ZooKeeper beside it where {@code zookeeper.connect} names none. */
public final class LocalBroker implements RunningBroker {
    private static final String NO_LISTENER = "none";
    /** Instead of an embedded ZooKeeper, where none is asked. */
    private static final String NOWHERE = "127.0.0.1:1";

    private final BrokerConfig config;
    private final Metrics metrics;
    private final Clock clock;
    private final Companion zooKeeper;
    private final CompletableFuture<String> failure = new CompletableFuture<>();
    private volatile Broker broker;
    private volatile boolean closed;

    /** The embedded ZooKeeper and what it runs on. */
    private static final class Companion implements AutoCloseable {
        private final TimerWheel timer;
        private final BoundedPool work;
        private final EmbeddedZooKeeper server;
        private volatile boolean started;

        Companion(BrokerConfig config, Clock clock) {
            timer = new TimerWheel(clock, Threads.single("ottla-zookeeper-timer"));
            work = new BoundedPool("ottla-zookeeper", 1, 2);
            server = new EmbeddedZooKeeper(
                    config.embeddedZooKeeperFolder(), config.zooKeeper().embeddedPort(), clock, timer, work);
        }

        String start(Metrics metrics) throws IOException, InterruptedException {
            server.start();
            server.show(metrics);
            started = true;
            return server.address();
        }

        @Override
        public void close() {
            if (started) {
                server.close();
            }
            timer.close();
            work.close();
        }
    }

    /** Opens nothing yet. */
    public LocalBroker(BrokerConfig config, Metrics metrics, Clock clock) {
        this.config = config;
        this.metrics = metrics;
        this.clock = clock;
        this.zooKeeper = config.zooKeeper().embedded() ? new Companion(config, clock) : null;
    }

    @Override
    public void start() throws InterruptedException {
        try {
            Broker.inspectFolders(config);
            if (zooKeeper != null && zooKeeper.server.isNew()) {
                Broker.requireNewFolders(config, config.embeddedZooKeeperFolder());
            }
            Broker made = new Broker(
                    config, zooKeeper == null ? null : zooKeeper.start(metrics), new LogbackLevels(), metrics, clock);
            broker = made;
            made.failure().thenAccept(failure::complete);
            made.start();
        } catch (IOException | BrokerStartException failure) {
            throw new StartFailure(failure.getMessage(), failure);
        }
    }

    @Override
    public void rehearse() {
        new Broker(config, zooKeeper == null ? null : NOWHERE, new LogbackLevels(), metrics, clock).rehearse();
    }

    @Override
    public State state() {
        Broker present = broker;
        if (closed) {
            return State.STOPPED;
        }
        if (present == null) {
            return State.STARTING;
        }
        return switch (present.state()) {
            case NOT_RUNNING, STARTING -> State.STARTING;
            case RECOVERY -> State.RECOVERING;
            case RUNNING -> State.RUNNING;
            case PENDING_CONTROLLED_SHUTDOWN, SHUTTING_DOWN -> State.STOPPING;
        };
    }

    @Override
    public CompletionStage<String> failure() {
        return failure;
    }

    @Override
    public SessionStatus zooKeeper() {
        Broker present = broker;
        return present == null ? null : present.zooKeeper();
    }

    @Override
    public ConsoleNodes consoleNodes() {
        Broker present = broker;
        return present == null ? null : present.consoleNodes();
    }

    @Override
    public NodeTree nodes() {
        Broker present = broker;
        return present == null ? null : present.nodes();
    }

    @Override
    public CatchUp catchUp() {
        Broker present = broker;
        return present == null ? null : present.catchUp();
    }

    @Override
    public boolean isListening() {
        Broker present = broker;
        return present != null && present.isListening();
    }

    /** A listener without TLS and login where there is one, else the first. */
    @Override
    public String bootstrap() {
        Broker present = broker;
        List<Listener> listeners = present == null ? List.of() : present.listeners();
        return listeners.stream()
                .filter(listener -> listener.protocol() == SecurityProtocol.PLAINTEXT)
                .findFirst()
                .or(() -> listeners.stream().findFirst())
                .map(LocalBroker::address)
                .orElse("");
    }

    private static String address(Listener listener) {
        String host = listener.host();
        if (host == null || host.isEmpty() || host.equals("0.0.0.0") || host.equals("::")) {
            return "localhost:" + listener.port();
        }
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + listener.port();
    }

    @Override
    public Optional<Identity> identity() {
        Broker present = broker;
        return present == null || present.clusterId().isEmpty()
                ? Optional.empty()
                : Optional.of(new Identity(
                        present.clusterId(),
                        present.id().value(),
                        present.listeners().stream().map(Object::toString).toList(),
                        present.isController()));
    }

    @Override
    public CompletionStage<Map<BrokerId, Figures>> figures(List<String> names, List<String> topics) {
        Broker present = broker;
        return present == null ? CompletableFuture.completedFuture(Map.of()) : present.figures(names, topics);
    }

    @Override
    public List<Fact> facts() {
        Identity identity = identity().orElseThrow();
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("cluster", identity.cluster()));
        facts.add(new Fact("broker", Integer.toString(identity.broker())));
        facts.add(new Fact(
                "listeners", identity.listeners().isEmpty() ? NO_LISTENER : String.join(", ", identity.listeners())));
        facts.add(new Fact(
                "logs", config.logDirs().stream().map(LocalBroker::absolute).collect(Collectors.joining(", "))));
        ZooKeeperProperties properties = config.zooKeeper();
        facts.add(new Fact(
                "ZooKeeper",
                zooKeeper == null
                        ? properties.connect()
                        : "in this process at " + zooKeeper.server.address() + ", in "
                                + absolute(config.embeddedZooKeeperFolder())));
        return facts;
    }

    private static String absolute(Path folder) {
        return folder.toAbsolutePath().normalize().toString();
    }

    @Override
    public void close() {
        try {
            Broker present = broker;
            if (present != null) {
                present.close();
            }
        } finally {
            closed = true;
            if (zooKeeper != null) {
                zooKeeper.close();
            }
        }
    }
}
