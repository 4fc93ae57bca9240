package io.ottla.zookeeper;

import io.ottla.concurrent.Waiting;
import io.ottla.config.ZooKeeperProperties;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import io.ottla.time.Clock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.zookeeper.KeeperException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker's session with ZooKeeper, kept over losses of the connection: told of as it is, its id and password kept in a
 * file, and closed where it was given up. A {@link SessionClient} does what reaches a server.
 *
 * <p>The client's threads only hand over to the executor, which runs one task after the other. Thread-safe.
 */
public final class KeptSession implements ZooKeeperSession {
    private static final Logger LOG = LoggerFactory.getLogger(KeptSession.class);
    private static final int FORMER = 16;
    private static final String STATE = "kafka_server_sessionexpirelistener_sessionstate";

    private final ZooKeeperProperties properties;
    private final SessionFiles files;
    private final Clock clock;
    private final Executor executor;
    private final Waiting waiting;
    private final SessionClient client;
    private final NodeAcls acls;
    private final CopyOnWriteArrayList<Consumer<SessionEvent>> listeners = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> connected = new CompletableFuture<>();

    /** On the executor. Null before the first session and after a loss. */
    private SavedSession current;

    /** On the executor. Given up without the server's word: closed when a server can be reached again. */
    private final List<SavedSession> abandoned = new ArrayList<>();

    /** On the executor. Those of them that are being closed. */
    private final Set<SavedSession> closing = new HashSet<>();

    private volatile Supplier<CompletionStage<?>> takeover = () -> CompletableFuture.completedFuture(null);

    private volatile SessionStatus status;

    /** Sessions of this process that were lost, and that the process before it left open, the last ones. */
    private volatile List<Long> former = List.of();

    /**
     * @param properties with the address of the ZooKeeper to use, the embedded one included
     * @param files where the session's id and password are kept
     * @param executor runs listeners, one task after the other
     * @param waiting how who opens this waits
     */
    public KeptSession(
            ZooKeeperProperties properties,
            SessionFiles files,
            Clock clock,
            Metrics metrics,
            Executor executor,
            Waiting waiting,
            SessionClient client) {
        this.properties = properties;
        this.files = files;
        this.clock = clock;
        this.status = new SessionStatus(SessionStatus.State.NONE, clock.wallMs());
        this.executor = executor;
        this.waiting = waiting;
        this.client = client;
        this.acls = new NodeAcls(properties.setAcl());
        metrics.gauge(
                STATE,
                "1 while the session with ZooKeeper is connected, else 0",
                Labels.NONE,
                () -> isConnected() ? 1 : 0);
    }

    @Override
    public void open(boolean founding) throws IOException, InterruptedException {
        List<SavedSession> left = files.read();
        // Where closing one fails, what it still owns is ours all the same, and going.
        former = left.stream().map(SavedSession::id).toList();
        for (SavedSession old : left) {
            await(client.closeOldSession(old, executor));
        }
        if (founding) {
            client.makeChroot(acls);
        }
        client.start(change -> handOver(() -> onChange(change)));
        try {
            await(connected);
        } catch (ZooKeeperUnavailableException none) {
            client.close();
            throw none;
        }
    }

    /** Waits as long as a start may wait. */
    private void await(CompletableFuture<?> word) throws IOException, InterruptedException {
        try {
            waiting.await(word, properties.connectionTimeoutMs());
        } catch (TimeoutException e) {
            throw ZooKeeperUnavailableException.noAnswer(properties);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    @Override
    public void listen(Consumer<SessionEvent> listener) {
        listeners.add(listener);
    }

    @Override
    public void takeOverBy(Supplier<CompletionStage<?>> by) {
        takeover = by;
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
            SessionClient.Present present = client.present();
            return present == null ? 0 : present.session().id();
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
        return client.negotiatedTimeoutMs();
    }

    @Override
    public ZooKeeperRequests requests(Executor answers) {
        return client.requests(answers);
    }

    @Override
    public ZooKeeperRequests reads(Executor answers) {
        return client.reads(answers);
    }

    @Override
    public NodeAcls acls() {
        return acls;
    }

    @Override
    public void close() {
        boolean orderly = isConnected();
        become(SessionStatus.State.NONE);
        client.close();
        if (orderly) {
            files.delete();
        }
    }

    private void onChange(SessionClient.Change change) {
        switch (change) {
            case CONNECTED -> onConnection();
            case SUSPENDED -> {
                become(current == null ? SessionStatus.State.NONE : SessionStatus.State.DISCONNECTED);
                LOG.warn("The connection to ZooKeeper at {} is lost; the session is not, yet", properties.connect());
                tell(new SessionEvent.Suspended());
            }
            case LOST -> onLoss();
        }
    }

    private void onConnection() {
        try {
            SessionClient.Present present = client.present();
            if (present == null) {
                return; // Gone again already; another event tells.
            }
            long id = present.session().id();
            if (current != null && id == current.id()) {
                become(SessionStatus.State.CONNECTED);
                LOG.info("Connected to ZooKeeper again, in the same session 0x{}", Long.toHexString(id));
                tell(new SessionEvent.Resumed());
                closeAbandoned();
                return;
            }
            if (current != null) {
                onLoss();
            }
            current = present.session();
            files.write(current, abandoned);
            become(SessionStatus.State.CONNECTED);
            LOG.info(
                    "Session 0x{} with ZooKeeper at {}, timeout {} ms",
                    Long.toHexString(id),
                    properties.connect(),
                    present.timeoutMs());
            tell(new SessionEvent.Connected(id));
            closeAbandoned();
            connected.complete(null);
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
        abandoned.add(lost);
        former = Stream.concat(Stream.of(lost.id()), former.stream())
                .limit(FORMER)
                .toList();
        tell(new SessionEvent.Lost());
    }

    /**
     * A session that was given up without the server's word may still be open there, and hold this broker's nodes. It is
     * closed once a server can be reached, and not before, so that only one client knocks where nobody answers; and once
     * the nodes have been taken over that must not go.
     */
    private void closeAbandoned() {
        if (!abandoned.isEmpty()) {
            takeover.get().whenComplete((nothing, failure) -> handOver(this::letGo));
        }
    }

    private void letGo() {
        if (!isConnected()) {
            return; // Tried again with the next connection.
        }
        for (SavedSession session : abandoned) {
            if (!closing.add(session)) {
                continue;
            }
            try {
                client.closeOldSession(session, executor).thenRun(() -> handOver(() -> closed(session)));
            } catch (IOException e) {
                closing.remove(session);
                LOG.warn("Session {} could not be closed; tried again with the next connection", session, e);
            }
        }
    }

    private void closed(SavedSession session) {
        closing.remove(session);
        if (abandoned.remove(session) && current != null) {
            files.write(current, abandoned);
        }
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
