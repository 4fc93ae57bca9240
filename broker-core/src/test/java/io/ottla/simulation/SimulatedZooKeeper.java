package io.ottla.simulation;

import io.ottla.config.ZooKeeperProperties;
import io.ottla.simulation.ZooKeeperMember.Transaction;
import io.ottla.simulation.ZooKeeperMessage.Reply;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.SetDataRequest;

/**
 * A ZooKeeper ensemble as its clients see it, in one thread on a simulated clock: nodes with their versions, one-shot
 * watches that come before later answers, sessions with timeouts, transactions, and servers that lag. Its moves lose
 * requests and answers, break and stall connections, end sessions, and stop it all. What it has once answered it never
 * loses.
 *
 * <p>Source of the behaviour: ZooKeeper 3.9.5 and Curator 5.9.0; a test compares it with a real server. It knows no ACLs
 * and no chroot.
 */
final class SimulatedZooKeeper {
    private static final long MS = 1_000_000L;
    /** {@code jute.maxbuffer}: a larger request costs its connection. */
    private static final int MOST_BYTES = 0xfffff;

    /**
     * How it is set up.
     *
     * @param tickMs session timeouts are from 2 to 20 of these, and end on one
     * @param members servers; with one nothing lags
     * @param usualNs a message takes up to so long
     * @param lagNs a transaction reaches a server that is not the leader after up to so long
     */
    record Settings(int tickMs, int members, long usualNs, long lagNs) {
        static final Settings USUAL = new Settings(2_000, 1, 300_000, 0);
    }

    private final Later later;
    private final RandomGenerator random;
    private final Settings settings;
    private final long startMs;
    private final List<ZooKeeperMember> members = new ArrayList<>();
    private final ZooKeeperMember leader = new ZooKeeperMember(null, null);
    private final Map<Long, ServedSession> sessions = new TreeMap<>();
    private final Set<ZooKeeperLink> links = new LinkedHashSet<>();
    private long zxid;
    private long nextSessionId = 0x100000000000000L;
    private long slowness = 1;
    private boolean up = true;

    /**
     * @param random of the seed
     * @param wallMs what the servers' clocks show when the simulation's stands at 0
     */
    SimulatedZooKeeper(Later later, RandomGenerator random, long wallMs, Settings settings) {
        this.later = later;
        this.random = random;
        this.settings = settings;
        this.startMs = wallMs;
        members.add(leader);
        for (int i = 1; i < settings.members(); i++) {
            members.add(new ZooKeeperMember(
                    new ZooKeeperPipe(later, () -> random.nextLong(settings.lagNs() + 1) * slowness),
                    new ZooKeeperPipe(later, this::latencyNs)));
        }
    }

    /**
     * A process's client.
     *
     * @param timer the process's, as its clock; what it brings is handed over to {@code thread}
     * @param thread of the process: runs one task after the other; does nothing while the process is paused, and takes
     *     nothing once it is dead
     */
    ZooKeeperClient client(ZooKeeperProperties properties, Clock clock, Timer timer, Executor thread) {
        return new ZooKeeperClient(this, properties, clock, timer, thread, random);
    }

    // ---- what the moves do -----------------------------------------------------------------------------

    boolean isUp() {
        return up;
    }

    /** All servers stop; what they have is on their disks. */
    void stop() {
        up = false;
        List.copyOf(links).forEach(ZooKeeperLink::close);
    }

    /** All servers start again, and give every session its whole timeout once more. */
    void start() {
        up = true;
        sessions.values().forEach(ServedSession::touch);
    }

    /** @param times how much longer than usual everything takes; 1 as usual */
    void slowBy(int times) {
        slowness = times;
    }

    /** Ends a session as if nothing had been heard of it for too long. */
    void expire(long sessionId) {
        ServedSession session = sessions.get(sessionId);
        if (session != null && up) {
            // What goes with it triggers watches of its own, which its client may hear of or not.
            ZooKeeperLink link = session.link();
            boolean hears = link == null || random.nextBoolean();
            if (!hears) {
                link.close();
            }
            end(session);
            if (hears && link != null) {
                link.close();
            }
        }
    }

    // ---- what others look at ---------------------------------------------------------------------------

    boolean has(String path) {
        return leader.tree().has(path);
    }

    /** What is in a node; null for nothing. */
    String data(String path) {
        byte[] data = leader.tree().data(path);
        return data == null ? null : new String(data, StandardCharsets.UTF_8);
    }

    List<String> children(String path) {
        return leader.tree().children(path);
    }

    /** The session that owns a node; 0 for none. */
    long owner(String path) {
        return leader.tree().stat(path).getEphemeralOwner();
    }

    /** Open sessions. */
    Set<Long> sessions() {
        return new TreeSet<>(sessions.keySet());
    }

    /** Transactions so far. */
    long zxid() {
        return zxid;
    }

    /** A tool does this, at once and all or nothing. */
    Code operate(List<Op> operations) {
        ZooKeeperTree.Decision decision = leader.tree().decide(operations, 0);
        commit(decision.changes());
        return decision.code();
    }

    // ---- the ensemble ----------------------------------------------------------------------------------

    int members() {
        return members.size();
    }

    long nowMs() {
        return later.nowNs() / MS;
    }

    void afterMs(long delayMs, Runnable task) {
        later.after(delayMs * MS, task);
    }

    /** Sessions end on ticks only. */
    long nextTickMs(int timeoutMs) {
        return ((nowMs() + timeoutMs) / settings.tickMs() + 1) * settings.tickMs();
    }

    private long latencyNs() {
        long usual = random.nextLong(settings.usualNs() + 1);
        return (random.nextInt(100) == 0 ? 20 * usual : usual) * slowness;
    }

    ZooKeeperLink link(ZooKeeperLink.Client client, ZooKeeperClient owner) {
        ZooKeeperLink link = new ZooKeeperLink(
                this,
                client,
                owner,
                new ZooKeeperPipe(later, this::latencyNs),
                new ZooKeeperPipe(later, this::latencyNs));
        links.add(link);
        return link;
    }

    void ended(ZooKeeperLink link) {
        links.remove(link);
        if (link.member() != null) {
            link.member().forget(link);
        }
        ServedSession session = link.session();
        if (session != null && session.link() == link) {
            session.moveTo(null);
        }
    }

    void accept(ZooKeeperLink link, long sessionId, byte[] password, long seenZxid, int timeoutMs) {
        ZooKeeperMember member = members.get(random.nextInt(members.size()));
        if (!up || member.applied() < seenZxid) {
            link.close();
            return;
        }
        ServedSession session = sessionId == 0 ? open() : sessions.get(sessionId);
        if (session == null || sessionId != 0 && !Arrays.equals(session.password(), password)) {
            link.expired();
            ended(link);
            return;
        }
        session.agree(Math.clamp(timeoutMs, 2 * settings.tickMs(), 20 * settings.tickMs()));
        ZooKeeperLink before = session.link();
        session.moveTo(link);
        if (before != null) {
            before.close();
        }
        session.touch();
        link.accepted(member, session);
    }

    private ServedSession open() {
        byte[] password = new byte[16];
        random.nextBytes(password);
        ServedSession session = new ServedSession(this, nextSessionId++, password);
        sessions.put(session.id(), session);
        commit(List.of());
        return session;
    }

    private void end(ServedSession session) {
        session.end();
        sessions.remove(session.id());
        commit(leader.tree().farewell(session.id()));
    }

    /** The next transaction; a refused write makes an empty one. */
    private List<OpResult> commit(List<ZooKeeperTree.Change> changes) {
        Transaction transaction = new Transaction(++zxid, startMs + nowMs(), changes);
        List<OpResult> results = leader.apply(transaction);
        for (ZooKeeperMember member : members) {
            if (!member.isLeader()) {
                member.learn(transaction);
            }
        }
        return results;
    }

    void write(ZooKeeperLink link, ZooKeeperMessage.Write write, Consumer<Reply> told) {
        if (bytes(write) > MOST_BYTES) {
            link.close();
            return;
        }
        link.member().atLeader(() -> {
            if (!up) {
                return;
            }
            ServedSession session = link.session();
            if (session.isOver()) {
                told.accept(Reply.of(Code.SESSIONEXPIRED, 0));
                return;
            }
            ZooKeeperTree.Decision decision = leader.tree().decide(write.operations(), session.id());
            // The answer is made of what the transaction left, before anything else changes it.
            List<OpResult> results = commit(decision.changes());
            Reply reply = decision.code() == Code.OK ? done(write, results, zxid) : Reply.of(decision.code(), zxid);
            link.member().whenApplied(reply.zxid(), () -> told.accept(reply));
        });
    }

    private Reply done(ZooKeeperMessage.Write write, List<OpResult> results, long at) {
        if (write.multi()) {
            return new Reply(Code.OK, results, null, at);
        }
        return switch (results.getFirst()) {
            case OpResult.CreateResult create ->
                new Reply(Code.OK, create.getPath(), leader.tree().stat(create.getPath()), at);
            case OpResult.SetDataResult set -> new Reply(Code.OK, null, set.getStat(), at);
            default -> Reply.of(Code.OK, at);
        };
    }

    void sync(ZooKeeperLink link, Consumer<Reply> told) {
        link.member().atLeader(() -> {
            if (up) {
                long seen = zxid;
                link.member().whenApplied(seen, () -> told.accept(Reply.of(Code.OK, seen)));
            }
        });
    }

    void closeSession(ZooKeeperLink link, Consumer<Reply> told) {
        link.member().atLeader(() -> {
            if (!up) {
                return;
            }
            if (!link.session().isOver()) {
                end(link.session());
            }
            long seen = zxid;
            link.member().whenApplied(seen, () -> told.accept(Reply.of(Code.OK, seen)));
        });
    }

    /** About as many as the request takes on the wire. */
    private static int bytes(ZooKeeperMessage.Write write) {
        int bytes = 0;
        for (Op operation : write.operations()) {
            byte[] data = switch (operation.getType()) {
                case OpCode.create -> ((CreateRequest) operation.toRequestRecord()).getData();
                case OpCode.setData -> ((SetDataRequest) operation.toRequestRecord()).getData();
                default -> null;
            };
            bytes += 40 + operation.getPath().length() + (data == null ? 0 : data.length);
        }
        return bytes;
    }
}
