package io.ottla.app.process;

import io.ottla.replication.CatchUp;
import io.ottla.types.BrokerId;
import io.ottla.types.Figures;
import io.ottla.zookeeper.ConsoleNodes;
import io.ottla.zookeeper.NodeTree;
import io.ottla.zookeeper.SessionStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What the process around it needs of a broker. Thread-safe. */
public interface RunningBroker extends AutoCloseable {
    /** Where a broker is in its life. */
    enum State {
        /** Made, or on its way: registration, leadership and listeners are to come. */
        STARTING,
        /** Reads its logs after an unclean stop, which can take long. */
        RECOVERING,
        /** Serves. */
        RUNNING,
        /** Hands over, flushes, closes. */
        STOPPING,
        STOPPED,
        /** Could not start. */
        FAILED
    }

    /**
     * Takes folders, registers and listens; returns when clients are served.
     *
     * @throws StartFailure with one sentence for the operator
     */
    void start() throws InterruptedException;

    /** Makes what a start makes, and opens nothing: for a training run of the JVM. */
    void rehearse();

    State state();

    /** Completes, with a sentence for the operator, when it can't serve any more; never exceptionally. */
    CompletionStage<String> failure();

    /** How the session with ZooKeeper stands; null as long as it has begun none. */
    SessionStatus zooKeeper();

    /** What consoles keep in its ZooKeeper; null as long as it has begun no session. */
    ConsoleNodes consoleNodes();

    /** The nodes of its ZooKeeper, for who looks around; null as long as it has begun no session. */
    NodeTree nodes();

    /** What it has yet to do behind its start before another broker may stop; null until it serves. */
    CatchUp catchUp();

    /** Whether other brokers can connect. */
    boolean isListening();

    /** Where this process itself reaches the broker, as {@code host:port}; empty until it listens. */
    String bootstrap();

    /** Who it is in which cluster, and where it listens; empty until it serves. */
    Optional<Identity> identity();

    /** Some metrics of all live brokers, as {@link io.ottla.broker.Broker#figures}. */
    CompletionStage<Map<BrokerId, Figures>> figures(List<String> names, List<String> topics);

    /** What the operator is told once it runs, as name and value: listeners, folders, ZooKeeper. */
    List<Fact> facts();

    /** Stops serving, flushes, marks the folders as cleanly closed, leaves ZooKeeper. Also after a start that failed. */
    @Override
    void close();

    /**
     * Who a broker is.
     *
     * @param cluster id of its cluster
     * @param listeners as {@code NAME://host:port}, with the ports that it really got
     * @param controller whether it is the controller as far as it knows
     */
    record Identity(String cluster, int broker, List<String> listeners, boolean controller) {}

    /** A line of the banner. */
    record Fact(String name, String value) {}
}
