package io.ottla.zookeeper;

import io.ottla.config.ZooKeeperProperties;
import io.ottla.metrics.Distribution;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import io.ottla.time.Clock;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This broker's session with ZooKeeper. Curator keeps it: connects, notices its loss, opens the next one. Requests go
 * past Curator's retries straight to ZooKeeper, since a conditional write whose answer was lost has to be read again
 * and decided anew, not repeated ({@link CuratorRequests}).
 *
 * <p>Curator's thread only hands over to the executor, which runs one task after the other. Thread-safe.
 */
public final class CuratorSession implements ZooKeeperSession {
    private static final Logger LOG = LoggerFactory.getLogger(CuratorSession.class);
    private static final int CLOSE_MS = 2_000;
    private static final int FORMER = 16;
    private static final String LATENCY = "kafka_server_zookeeperclientmetrics_zookeeperrequestlatencyms";
    private static final String STATE = "kafka_server_sessionexpirelistener_sessionstate";

    private final ZooKeeperProperties properties;
    private final SessionFiles files;
    private final Clock clock;
    private final Executor executor;
    private final Connections connections;
    private final RequestWindow window;
    private final NodeAcls acls;
    private final Distribution latency;
    private final CopyOnWriteArrayList<Consumer<SessionEvent>> listeners = new CopyOnWriteArrayList<>();
    private final CountDownLatch connected = new CountDownLatch(1);
    private final CuratorFramework curator;

    /** On the executor. Null before the first session and after a loss. */
    private SavedSession current;

    /** On the executor. Given up without the server's word: closed when a server can be reached again. */
    private SavedSession abandoned;

    private volatile SessionStatus status;

    /** Sessions of this process that were lost, the last ones. */
    private volatile List<Long> former = List.of();

    /**
     * @param properties with the address of the ZooKeeper to use, the embedded one included
     * @param files where the session's id and password are kept
     * @param executor runs listeners, one task after the other
     */
    public CuratorSession(
            ZooKeeperProperties properties, SessionFiles files, Clock clock, Metrics metrics, Executor executor) {
        this.properties = properties;
        this.files = files;
        this.clock = clock;
        this.status = new SessionStatus(SessionStatus.State.NONE, clock.wallMs());
        this.executor = executor;
        this.connections = new Connections(properties, clock, new ConnectionMeter(metrics));
        this.window = new RequestWindow(properties.maxInFlightRequests());
        this.acls = new NodeAcls(properties.setAcl());
        this.latency = metrics.distribution(
                LATENCY, "Milliseconds from a request to ZooKeeper to its answer", Labels.NONE, 1e-6);
        metrics.gauge(
                STATE,
                "1 while the session with ZooKeeper is connected, else 0",
                Labels.NONE,
                () -> isConnected() ? 1 : 0);
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
    public void open(boolean founding) throws IOException, InterruptedException {
        for (SavedSession old : files.read()) {
            connections.await(connections.closeOldSession(old, executor));
        }
        if (founding) {
            connections.makeChroot(acls);
        }
        curator.getConnectionStateListenable().addListener((client, state) -> handOver(() -> onState(state)));
        curator.start();
        if (!connected.await(properties.connectionTimeoutMs(), TimeUnit.MILLISECONDS)) {
            curator.close();
            throw connections.noAnswer();
        }
    }

    @Override
    public void listen(Consumer<SessionEvent> listener) {
        listeners.add(listener);
    }

    @Override
    public boolean isConnected() {
        return status.state() == SessionStatus.State.CONNECTED;
    }

    @Override
    public SessionStatus status() {
        return status;
    }

    private void become(SessionStatus.State state) {
        status = new SessionStatus(state, clock.wallMs());
    }

    @Override
    public long sessionId() {
        try {
            return handle().getSessionId();
        } catch (KeeperException e) {
            return 0;
        }
    }

    @Override
    public boolean isFormer(long sessionId) {
        return former.contains(sessionId);
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
    public NodeAcls acls() {
        return acls;
    }

    @Override
    public void close() {
        boolean orderly = isConnected();
        become(SessionStatus.State.NONE);
        curator.close();
        if (orderly) {
            files.delete();
        }
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

    private void onState(ConnectionState state) {
        switch (state) {
            case CONNECTED, RECONNECTED -> onConnection();
            case SUSPENDED -> {
                become(current == null ? SessionStatus.State.NONE : SessionStatus.State.DISCONNECTED);
                LOG.warn("The connection to ZooKeeper at {} is lost; the session is not, yet", properties.connect());
                tell(new SessionEvent.Suspended());
            }
            case LOST -> onLoss();
            case READ_ONLY -> throw new IllegalStateException("Expected no read-only session, but got one");
        }
    }

    private void onConnection() {
        try {
            ZooKeeper handle = handle();
            long id = handle.getSessionId();
            if (id == 0) {
                return; // Gone again already; another event tells.
            }
            if (current != null && id == current.id()) {
                become(SessionStatus.State.CONNECTED);
                LOG.info("Connected to ZooKeeper again, in the same session 0x{}", Long.toHexString(id));
                tell(new SessionEvent.Resumed());
                return;
            }
            if (current != null) {
                onLoss();
            }
            current = SavedSession.of(id, handle.getSessionPasswd());
            files.write(current);
            become(SessionStatus.State.CONNECTED);
            LOG.info(
                    "Session 0x{} with ZooKeeper at {}, timeout {} ms",
                    Long.toHexString(id),
                    properties.connect(),
                    handle.getSessionTimeout());
            closeAbandoned();
            tell(new SessionEvent.Connected(id));
            connected.countDown();
        } catch (KeeperException e) {
            LOG.info("Connected to ZooKeeper, but not for long: {}", e.code());
        }
    }

    private void onLoss() {
        become(SessionStatus.State.NONE);
        if (current == null) {
            return;
        }
        SavedSession lost = current;
        LOG.warn("Session {} with ZooKeeper is over; a new one will be opened", lost);
        current = null;
        abandoned = lost;
        former = Stream.concat(Stream.of(lost.id()), former.stream())
                .limit(FORMER)
                .toList();
        tell(new SessionEvent.Lost());
    }

    /**
     * A session that was given up without the server's word may still be open there, and hold this broker's nodes. It is
     * closed once a server can be reached, and not before, so that only one client knocks where nobody answers.
     */
    private void closeAbandoned() {
        if (abandoned == null) {
            return;
        }
        try {
            connections.closeOldSession(abandoned, executor);
        } catch (IOException e) {
            LOG.warn("Session {} could not be closed; its nodes stay until its timeout", abandoned, e);
        }
        abandoned = null;
    }

    private void tell(SessionEvent event) {
        for (Consumer<SessionEvent> listener : List.copyOf(listeners)) {
            try {
                listener.accept(event);
            } catch (RuntimeException e) {
                LOG.error("A listener failed on {}", event, e);
            }
        }
    }

    private void handOver(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException closing) {
            LOG.debug("An event of ZooKeeper came while closing");
        }
    }
}
