package io.ottla.simulation;

import io.ottla.config.ZooKeeperProperties;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import io.ottla.zookeeper.NodeAcls;
import io.ottla.zookeeper.RequestWindow;
import io.ottla.zookeeper.SavedSession;
import io.ottla.zookeeper.SessionClient;
import io.ottla.zookeeper.ZooKeeperRequests;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;

/**
 * A process's client of the modelled ZooKeeper. It keeps sessions as Curator does: it says so when the connection is
 * lost, gives a session up that has been without one for its timeout, and opens the next one. Source of the behaviour:
 * ConnectionState and ConnectionStateManager of Curator 5.9.0.
 */
final class ZooKeeperClient implements SessionClient {
    /** What can get lost, once each time it is asked for. */
    enum Loss {
        /** A write does not reach the server, and the connection breaks. */
        REQUEST,
        /** A write is done, its answer does not come back, and the connection breaks. */
        ANSWER
    }

    private final SimulatedZooKeeper ensemble;
    private final ZooKeeperProperties properties;
    private final Clock clock;
    private final Timer timer;
    private final Executor thread;
    private final RandomGenerator random;
    private final RequestWindow window;
    private final RequestWindow readWindow;
    private final Map<Loss, Integer> losses = new EnumMap<>(Loss.class);
    private final List<ZooKeeperHandle> others = new ArrayList<>();

    private Consumer<Change> told = change -> {};
    private Change said;
    private ZooKeeperHandle handle;
    private int negotiatedMs;
    private long suspendedNs;
    private boolean stalled;
    private boolean closed;
    private boolean dead;

    ZooKeeperClient(
            SimulatedZooKeeper ensemble,
            ZooKeeperProperties properties,
            Clock clock,
            Timer timer,
            Executor thread,
            RandomGenerator random) {
        this.ensemble = ensemble;
        this.properties = properties;
        this.clock = clock;
        this.timer = timer;
        this.thread = thread;
        this.random = random;
        this.window = new RequestWindow(properties.maxInFlightRequests());
        this.readWindow = RequestWindow.ofReads(properties);
    }

    @Override
    public void start(Consumer<Change> listener) {
        told = listener;
        open();
    }

    private void open() {
        ZooKeeperHandle[] mine = new ZooKeeperHandle[1];
        mine[0] = handle(null, state -> {
            if (mine[0] == handle) {
                on(state);
            }
        });
        handle = mine[0];
    }

    private ZooKeeperHandle handle(SavedSession before, Consumer<KeeperState> listener) {
        return new ZooKeeperHandle(
                ensemble, this, properties.sessionTimeoutMs(), timer, thread, random, before, listener);
    }

    private void on(KeeperState state) {
        if (closed) {
            return;
        }
        switch (state) {
            case SyncConnected -> {
                negotiatedMs = handle.negotiatedMs();
                say(Change.CONNECTED);
            }
            case Disconnected -> suspend();
            case Expired -> {
                open();
                say(Change.LOST);
            }
            default -> throw new IllegalStateException("Expected no " + state);
        }
    }

    private void suspend() {
        if (said == Change.SUSPENDED || said == Change.LOST) {
            return;
        }
        say(Change.SUSPENDED);
        long since = clock.monotonicNs();
        suspendedNs = since;
        ZooKeeperHandle mine = handle;
        timer.schedule(negotiatedMs > 0 ? negotiatedMs : properties.sessionTimeoutMs(), () -> {
            if (said == Change.SUSPENDED && suspendedNs == since && mine == handle) {
                mine.giveUp();
            }
        });
    }

    private void say(Change change) {
        if (change != said) {
            said = change;
            told.accept(change);
        }
    }

    @Override
    public Present present() throws KeeperException {
        ZooKeeperHandle now = handle();
        return now.sessionId() == 0 ? null : new Present(now.session(), now.negotiatedMs());
    }

    /** The present session's. */
    ZooKeeperHandle handle() throws KeeperException {
        if (handle == null || closed) {
            throw new KeeperException.ConnectionLossException();
        }
        return handle;
    }

    @Override
    public int negotiatedTimeoutMs() {
        return negotiatedMs;
    }

    @Override
    public ZooKeeperRequests requests(Executor answers) {
        return new ModelledRequests(this, window, answers);
    }

    @Override
    public ZooKeeperRequests reads(Executor answers) {
        return new ModelledRequests(this, readWindow, answers);
    }

    @Override
    public CompletableFuture<Boolean> closeOldSession(SavedSession old, Executor executor) {
        CompletableFuture<Boolean> closedIt = new CompletableFuture<>();
        ZooKeeperHandle[] taken = new ZooKeeperHandle[1];
        taken[0] = handle(old, state -> {
            if (state == KeeperState.SyncConnected) {
                taken[0].close(() -> finish(taken[0], closedIt, executor, true));
            } else if (state == KeeperState.Expired) {
                finish(taken[0], closedIt, executor, false);
            }
        });
        others.add(taken[0]);
        return closedIt;
    }

    private void finish(ZooKeeperHandle taken, CompletableFuture<Boolean> word, Executor executor, boolean byUs) {
        others.remove(taken);
        executor.execute(() -> word.complete(byUs));
    }

    /** There is no chroot in the model. */
    @Override
    public void makeChroot(NodeAcls acls) {}

    @Override
    public void close() {
        closed = true;
        if (handle != null) {
            handle.close(() -> {});
        }
    }

    boolean isDead() {
        return dead;
    }

    // ---- what the moves do -----------------------------------------------------------------------------

    /** Its process has been killed: nothing of it goes on, and the machine closes its connections. */
    void killed() {
        dead = true;
        closed = true;
        if (handle != null) {
            handle.killed();
        }
        others.forEach(ZooKeeperHandle::killed);
    }

    /** The next write loses this; the connection breaks with it. */
    void loseNext(Loss what) {
        losses.merge(what, 1, Integer::sum);
    }

    boolean takes(Loss what) {
        Integer left = losses.get(what);
        if (left == null) {
            return false;
        }
        losses.put(what, left == 1 ? null : left - 1);
        return true;
    }

    /** The connection breaks; it comes back by itself. */
    void cut() {
        if (handle != null) {
            handle.cut();
        }
    }

    /** Nothing gets through to the ensemble or back until it is resumed; nobody is told. */
    void suspendConnection() {
        stall(true);
    }

    void resumeConnection() {
        stall(false);
    }

    boolean isStalled() {
        return stalled;
    }

    private void stall(boolean now) {
        stalled = now;
        List<ZooKeeperHandle> all = new ArrayList<>(others);
        if (handle != null) {
            all.add(handle);
        }
        for (ZooKeeperHandle each : all) {
            if (each.link() != null) {
                each.link().stall(now);
            }
        }
    }
}
