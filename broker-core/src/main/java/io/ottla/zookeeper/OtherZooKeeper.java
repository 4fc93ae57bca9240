package io.ottla.zookeeper;

import io.ottla.config.ZooKeeperProperties.Tls;
import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.BrokerImage.Endpoint;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import io.ottla.time.Clock;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/**
 * The ZooKeeper of another cluster, for a short look: a session of its own, which ends with this. Every call but those of
 * {@link #batches} blocks, and is over after the time that it was opened with. Used by one thread.
 */
public final class OtherZooKeeper implements AutoCloseable {
    private static final String BROKERS = "/brokers/ids";
    private static final int CLOSE_MS = 1_000;
    private static final int WINDOW = 200;

    private final ZooKeeper zooKeeper;
    private final String connect;

    private OtherZooKeeper(ZooKeeper zooKeeper, String connect) {
        this.zooKeeper = zooKeeper;
        this.connect = connect;
    }

    /** A question. */
    @FunctionalInterface
    private interface Question<T> {
        T ask() throws KeeperException, InterruptedException;
    }

    /**
     * Opens a session.
     *
     * @param connect {@code host:port,…/chroot}
     * @param timeoutMs for each answer, the first included
     * @throws ZooKeeperUnavailableException where nobody answers
     */
    public static OtherZooKeeper open(String connect, int timeoutMs)
            throws ZooKeeperUnavailableException, InterruptedException {
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper zooKeeper;
        try {
            zooKeeper = new ZooKeeper(
                    connect,
                    timeoutMs,
                    event -> {
                        if (event.getState() == KeeperState.SyncConnected) {
                            connected.countDown();
                        }
                    },
                    false,
                    ClientSettings.of(Tls.OFF));
        } catch (IOException | IllegalArgumentException e) {
            throw new ZooKeeperUnavailableException(
                    "Expected host:port,…/chroot of a ZooKeeper, but got " + connect + ": " + e.getMessage(), e);
        }
        OtherZooKeeper opened = new OtherZooKeeper(zooKeeper, connect);
        if (!connected.await(timeoutMs, TimeUnit.MILLISECONDS)) {
            opened.close();
            throw new ZooKeeperUnavailableException("Expected an answer from ZooKeeper at " + connect + " within "
                    + timeoutMs + " ms, but there was none");
        }
        return opened;
    }

    /** Many nodes at once. Answers come on ZooKeeper's thread. */
    public NodeBatches batches() {
        ZooKeeperRequests requests = new CuratorRequests(
                () -> zooKeeper,
                new RequestWindow(WINDOW),
                Clock.system(),
                new Metrics().distribution("other", "Milliseconds of a request", Labels.NONE, 1e-6),
                Runnable::run);
        return new NodeBatches(
                requests,
                requests,
                new NodeAcls(false),
                () -> zooKeeper.getState().isConnected());
    }

    /** Looks at a node; empty where there is none. */
    public Optional<SeenNode> look(String path) throws ZooKeeperUnavailableException, InterruptedException {
        try {
            return Optional.of(ask(path, () -> {
                Stat stat = new Stat();
                byte[] content = zooKeeper.getData(path, false, stat);
                return SeenNode.of(zooKeeper.getChildren(path, false), content, stat);
            }));
        } catch (NoNode none) {
            return Optional.empty();
        }
    }

    /**
     * Where brokers listen that are registered here.
     *
     * @return {@code host:port} of each that a client can reach without TLS and login, else of all
     */
    public List<String> brokers() throws ZooKeeperUnavailableException, InterruptedException {
        List<String> plain = new ArrayList<>();
        List<String> all = new ArrayList<>();
        try {
            for (String id : ask(BROKERS, () -> zooKeeper.getChildren(BROKERS, false))) {
                byte[] data = ask(BROKERS, () -> zooKeeper.getData(BROKERS + "/" + id, false, null));
                BrokerImage broker = BrokerNode.decode(BrokerId.NONE, BrokerEpoch.NONE, data);
                for (Endpoint endpoint : broker == null ? List.<Endpoint>of() : broker.endpoints()) {
                    String address = address(endpoint);
                    all.add(address);
                    if (endpoint.protocol() == SecurityProtocol.PLAINTEXT) {
                        plain.add(address);
                    }
                }
            }
        } catch (NoNode none) {
            return List.of();
        }
        return plain.isEmpty() ? all : plain;
    }

    private static String address(Endpoint endpoint) {
        return (endpoint.host().indexOf(':') < 0 ? endpoint.host() : "[" + endpoint.host() + "]") + ":"
                + endpoint.port();
    }

    private <T> T ask(String path, Question<T> question) throws ZooKeeperUnavailableException, InterruptedException {
        try {
            return question.ask();
        } catch (KeeperException.NoNodeException none) {
            throw new NoNode(none);
        } catch (KeeperException refused) {
            throw new ZooKeeperUnavailableException(
                    "Expected to read " + path + " at " + connect + ", but ZooKeeper says " + refused.code(), refused);
        }
    }

    /** There is no such node. */
    private static final class NoNode extends RuntimeException {
        private static final long serialVersionUID = 1;

        NoNode(Throwable cause) {
            super(cause);
        }
    }

    @Override
    public void close() {
        try {
            zooKeeper.close(CLOSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
