package io.ottla.simulation;

import io.ottla.simulation.ZooKeeperMessage.Reply;
import io.ottla.time.Timer;
import io.ottla.zookeeper.SavedSession;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;

/**
 * One session of a process, as ZooKeeper's own client has it: it keeps a connection, sends requests in their order, fails
 * them when the connection breaks, and watches again what it watched before. Source of the behaviour: ClientCnxn of
 * ZooKeeper 3.9.5.
 */
final class ZooKeeperHandle implements ZooKeeperLink.Client {
    private static final int PAUSE_MS = 1_000;
    private static final int MOST_IDLE_MS = 10_000;

    private enum State {
        CONNECTING,
        CONNECTED,
        CLOSED
    }

    /** One request and who waits for its answer. */
    private record Packet(ZooKeeperMessage message, Runnable changed, Consumer<Reply> done) {}

    private final SimulatedZooKeeper ensemble;
    private final ZooKeeperClient owner;
    private final int timeoutMs;
    private final Timer timer;
    private final Executor thread;
    private final RandomGenerator random;
    private final Consumer<KeeperState> told;

    private final ArrayDeque<Packet> outgoing = new ArrayDeque<>();
    private final ArrayDeque<Packet> pending = new ArrayDeque<>();
    private final Map<String, List<Runnable>> dataWatches = new TreeMap<>();
    private final Map<String, List<Runnable>> existenceWatches = new TreeMap<>();
    private final Map<String, List<Runnable>> childWatches = new TreeMap<>();
    private State state = State.CONNECTING;
    private KeeperState saidLast = KeeperState.Disconnected;
    private boolean closing;
    private ZooKeeperLink link;
    private long sessionId;
    private byte[] password;
    private int negotiatedMs;
    private long zxid;
    private long heardMs;
    private long sentMs;
    private Timer.Timeout tending;

    /**
     * @param before the session to take up; null for a new one
     * @param told of the session's state
     */
    ZooKeeperHandle(
            SimulatedZooKeeper ensemble,
            ZooKeeperClient owner,
            int timeoutMs,
            Timer timer,
            Executor thread,
            RandomGenerator random,
            SavedSession before,
            Consumer<KeeperState> told) {
        this.ensemble = ensemble;
        this.owner = owner;
        this.timeoutMs = timeoutMs;
        this.negotiatedMs = timeoutMs;
        this.timer = timer;
        this.thread = thread;
        this.random = random;
        this.sessionId = before == null ? 0 : before.id();
        this.password = before == null ? new byte[16] : before.password();
        this.told = told;
        this.heardMs = ensemble.nowMs();
        on(this::connect);
    }

    /** 0 while there is none. */
    long sessionId() {
        return sessionId;
    }

    SavedSession session() {
        return SavedSession.of(sessionId, password);
    }

    int negotiatedMs() {
        return negotiatedMs;
    }

    ZooKeeperLink link() {
        return link;
    }

    /** @param changed run when what was read has changed; null where that is not asked for */
    void submit(ZooKeeperMessage message, Runnable changed, Consumer<Reply> done) {
        Packet packet = new Packet(message, changed, done);
        if (state == State.CLOSED || closing) {
            on(() -> fail(packet));
        } else if (state == State.CONNECTED) {
            send(packet);
        } else {
            outgoing.add(packet);
        }
    }

    /** Ends the session, if a server can be reached. */
    void close(Runnable done) {
        if (closing || state == State.CLOSED) {
            done.run();
            return;
        }
        Consumer<Reply> over = reply -> {
            state = State.CLOSED;
            drop();
            done.run();
        };
        if (state == State.CONNECTED) {
            send(new Packet(new ZooKeeperMessage.CloseSession(), null, over));
            closing = true;
        } else {
            closing = true;
            over.accept(null);
        }
    }

    /** Nothing was heard for as long as the session's timeout: it is given up. */
    void giveUp() {
        on(() -> {
            if (state != State.CLOSED) {
                state = State.CLOSED;
                drop();
                tell(KeeperState.Expired);
            }
        });
    }

    /** The process is dead: its machine closes its connection. */
    void killed() {
        state = State.CLOSED;
        if (link != null) {
            link.closedByClient();
            link = null;
        }
    }

    // ---- connecting ------------------------------------------------------------------------------------

    private void connect() {
        if (state != State.CONNECTING || closing) {
            return;
        }
        sentMs = ensemble.nowMs();
        link = ensemble.link(this, owner);
        link.stall(owner.isStalled());
        link.connect(sessionId, password, zxid, timeoutMs);
        tend();
    }

    /** Where there is one server only, it is not asked again for a second. */
    private void connectLater() {
        int pauseMs = random.nextInt(PAUSE_MS) + (ensemble.members() == 1 ? PAUSE_MS : 0);
        timer.schedule(pauseMs, () -> on(this::connect));
    }

    @Override
    public void welcome(ZooKeeperLink from, long id, byte[] secret, int agreedMs) {
        on(() -> {
            if (from != link) {
                return;
            }
            heardMs = ensemble.nowMs();
            if (agreedMs == 0) {
                state = State.CLOSED;
                tell(KeeperState.Expired);
                drop();
                return;
            }
            sessionId = id;
            password = secret;
            negotiatedMs = agreedMs;
            state = State.CONNECTED;
            watchAgain();
            while (!outgoing.isEmpty()) {
                send(outgoing.poll());
            }
            tend();
            tell(KeeperState.SyncConnected);
        });
    }

    private void watchAgain() {
        if (!dataWatches.isEmpty() || !existenceWatches.isEmpty() || !childWatches.isEmpty()) {
            send(new Packet(
                    new ZooKeeperMessage.SetWatches(
                            zxid,
                            List.copyOf(dataWatches.keySet()),
                            List.copyOf(existenceWatches.keySet()),
                            List.copyOf(childWatches.keySet())),
                    null,
                    reply -> {}));
        }
    }

    private void send(Packet packet) {
        pending.add(packet);
        sentMs = ensemble.nowMs();
        link.send(packet.message());
    }

    // ---- what comes ------------------------------------------------------------------------------------

    @Override
    public void answer(ZooKeeperLink from, Reply reply) {
        on(() -> {
            if (from != link || state == State.CLOSED) {
                return;
            }
            heardMs = ensemble.nowMs();
            if (reply == null) {
                return; // To a ping.
            }
            Packet packet = pending.poll();
            zxid = reply.zxid() > 0 ? reply.zxid() : zxid;
            register(packet, reply.code());
            packet.done().accept(reply);
        });
    }

    private void register(Packet packet, Code code) {
        if (packet.changed() == null || !(packet.message() instanceof ZooKeeperMessage.Read read)) {
            return;
        }
        Map<String, List<Runnable>> watches = switch (read.what()) {
            case DATA -> code == Code.OK ? dataWatches : null;
            case EXISTENCE -> code == Code.OK ? dataWatches : code == Code.NONODE ? existenceWatches : null;
            case CHILDREN -> code == Code.OK ? childWatches : null;
        };
        if (watches != null) {
            watches.computeIfAbsent(read.path(), none -> new ArrayList<>()).add(packet.changed());
        }
    }

    @Override
    public void event(ZooKeeperLink from, EventType type, String path) {
        on(() -> {
            if (from != link || state == State.CLOSED) {
                return;
            }
            heardMs = ensemble.nowMs();
            List<Runnable> changed = new ArrayList<>();
            switch (type) {
                case NodeChildrenChanged -> take(childWatches, path, changed);
                case NodeDeleted -> {
                    take(dataWatches, path, changed);
                    take(existenceWatches, path, changed);
                    take(childWatches, path, changed);
                }
                default -> {
                    take(dataWatches, path, changed);
                    take(existenceWatches, path, changed);
                }
            }
            changed.forEach(Runnable::run);
        });
    }

    private static void take(Map<String, List<Runnable>> watches, String path, List<Runnable> into) {
        List<Runnable> some = watches.remove(path);
        if (some != null) {
            into.addAll(some);
        }
    }

    @Override
    public void closed(ZooKeeperLink from) {
        on(() -> {
            if (from == link && state != State.CLOSED) {
                disconnected();
            }
        });
    }

    /** What was asked fails first; then everybody hears of it. */
    private void disconnected() {
        state = State.CONNECTING;
        drop();
        tell(KeeperState.Disconnected);
        if (closing) {
            state = State.CLOSED;
        } else {
            connectLater();
        }
    }

    private void drop() {
        if (tending != null) {
            tending.cancel();
            tending = null;
        }
        if (link != null) {
            link.closedByClient();
            link = null;
        }
        List<Packet> all = new ArrayList<>(pending);
        all.addAll(outgoing);
        pending.clear();
        outgoing.clear();
        all.forEach(this::fail);
    }

    private void fail(Packet packet) {
        packet.done().accept(Reply.of(state == State.CLOSED ? Code.SESSIONEXPIRED : Code.CONNECTIONLOSS, 0));
    }

    private void tell(KeeperState said) {
        if (said != saidLast) {
            saidLast = said;
            told.accept(said);
        }
    }

    // ---- time ------------------------------------------------------------------------------------------

    /** Pings where nothing else is sent; gives the connection up, or the session, where nothing is heard. */
    private void tend() {
        if (tending != null) {
            tending.cancel();
        }
        long now = ensemble.nowMs();
        boolean connected = state == State.CONNECTED;
        long leftMs =
                connected ? heardMs + negotiatedMs * 2L / 3 - now : sentMs + negotiatedMs / ensemble.members() - now;
        long sessionMs = sessionId == 0 ? Long.MAX_VALUE : heardMs + negotiatedMs * 4L / 3 - now;
        if (sessionMs <= 0) {
            state = State.CLOSED;
            drop();
            tell(KeeperState.Expired);
            return;
        }
        if (leftMs <= 0) {
            disconnected();
            return;
        }
        long nextMs = Math.min(leftMs, sessionMs);
        if (connected) {
            long idleMs = now - sentMs;
            long pingMs = Math.min(negotiatedMs / 3 - idleMs - (idleMs > 1_000 ? 1_000 : 0), MOST_IDLE_MS - idleMs);
            if (pingMs <= 0) {
                sentMs = now;
                link.send(new ZooKeeperMessage.Ping());
                pingMs = Math.min(negotiatedMs / 3, MOST_IDLE_MS);
            }
            nextMs = Math.min(nextMs, pingMs);
        }
        ZooKeeperLink tended = link;
        tending = timer.schedule(
                nextMs,
                () -> on(() -> {
                    if (link == tended && state != State.CLOSED) {
                        tend();
                    }
                }));
    }

    /** On the process's thread, if it still has one. */
    private void on(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException dead) {
            state = State.CLOSED;
        }
    }

    // ---- what the moves do -----------------------------------------------------------------------------

    /** The connection breaks, and both sides hear of it; a part of what is under way arrives. */
    void cut() {
        if (link != null) {
            ZooKeeperLink broken = link;
            broken.breaks(random.nextInt(broken.underWay() + 1));
            closed(broken);
        }
    }
}
