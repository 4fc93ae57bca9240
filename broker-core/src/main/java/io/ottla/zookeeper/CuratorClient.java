package io.ottla.zookeeper;

import io.ottla.config.ZooKeeperProperties;
import io.ottla.metrics.Distribution;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import io.ottla.time.Clock;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;

/**
 * Curator connects, notices the loss of a session, and opens the next one. Requests go past its retries straight to
 * ZooKeeper, since a conditional write whose answer was lost has to be read again and decided anew, not repeated.
 */
public final class CuratorClient implements SessionClient {
    private static final int CLOSE_MS = 2_000;
    private static final String LATENCY = "kafka_server_zookeeperclientmetrics_zookeeperrequestlatencyms";

    private final Clock clock;
    private final Connections connections;
    private final RequestWindow window;
    private final RequestWindow readWindow;
    private final Distribution latency;
    private final CuratorFramework curator;

    /** @param properties with the address of the ZooKeeper to use, the embedded one included */
    public CuratorClient(ZooKeeperProperties properties, Clock clock, Metrics metrics) {
        this.clock = clock;
        this.connections = new Connections(properties, clock, new ConnectionMeter(metrics));
        this.window = new RequestWindow(properties.maxInFlightRequests());
        this.readWindow = RequestWindow.ofReads(properties);
        this.latency = metrics.distribution(
                LATENCY, "Milliseconds from a request to ZooKeeper to its answer", Labels.NONE, 1e-6);
        this.curator = CuratorFrameworkFactory.builder()
                .connectString(properties.connect())
                .zookeeperFactory(connections)
                .ensembleTracker(false)
                .sessionTimeoutMs(properties.sessionTimeoutMs())
                .connectionTimeoutMs(properties.connectionTimeoutMs())
                .maxCloseWaitMs(CLOSE_MS)
                .waitForShutdownTimeoutMs(CLOSE_MS)
                .retryPolicy((retries, elapsedMs, sleeper) -> false)
                .build();
    }

    @Override
    public void start(Consumer<Change> told) {
        curator.getConnectionStateListenable().addListener((client, state) -> told.accept(change(state)));
        curator.start();
    }

    private static Change change(ConnectionState state) {
        return switch (state) {
            case CONNECTED, RECONNECTED -> Change.CONNECTED;
            case SUSPENDED -> Change.SUSPENDED;
            case LOST -> Change.LOST;
            case READ_ONLY -> throw new IllegalStateException("Expected no read-only session, but got one");
        };
    }

    @Override
    public Present present() throws KeeperException {
        ZooKeeper handle = handle();
        long id = handle.getSessionId();
        return id == 0 ? null : new Present(SavedSession.of(id, handle.getSessionPasswd()), handle.getSessionTimeout());
    }

    @Override
    public int negotiatedTimeoutMs() {
        return curator.getZookeeperClient().getLastNegotiatedSessionTimeoutMs();
    }

    @Override
    public ZooKeeperRequests requests(Executor answers) {
        return new CuratorRequests(this::handle, window, clock, latency, answers);
    }

    @Override
    public ZooKeeperRequests reads(Executor answers) {
        return new CuratorRequests(this::handle, readWindow, clock, latency, answers);
    }

    @Override
    public CompletableFuture<Boolean> closeOldSession(SavedSession old, Executor executor) throws IOException {
        return connections.closeOldSession(old, executor);
    }

    @Override
    public void makeChroot(NodeAcls acls) throws IOException, InterruptedException {
        connections.makeChroot(acls);
    }

    @Override
    public void close() {
        curator.close();
    }

    private ZooKeeper handle() throws KeeperException {
        try {
            return curator.getZookeeperClient().getZooKeeper();
        } catch (KeeperException e) {
            throw e;
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new KeeperException.ConnectionLossException();
        }
    }
}
