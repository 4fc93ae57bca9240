package io.ottla.simulation;

import io.ottla.simulation.ZooKeeperMessage.Reply;
import java.util.ArrayDeque;
import org.apache.zookeeper.Watcher.Event.EventType;

/** A connection of a client to one server of the modelled ensemble, and what the server has still to do for it. */
final class ZooKeeperLink {
    /** The client's end. What it is told comes as messages arrive, on no thread of the client's. */
    interface Client {
        /** The server has taken the session up, or made one; the timeout is 0 where there is no such session. */
        void welcome(ZooKeeperLink link, long sessionId, byte[] password, int timeoutMs);

        void answer(ZooKeeperLink link, Reply reply);

        void event(ZooKeeperLink link, EventType type, String path);

        /** Refused, or over: nothing more comes. */
        void closed(ZooKeeperLink link);
    }

    private final SimulatedZooKeeper ensemble;
    private final Client client;
    private final ZooKeeperClient owner;
    private final ZooKeeperPipe up;
    private final ZooKeeperPipe down;
    private final ArrayDeque<ZooKeeperMessage> queue = new ArrayDeque<>();
    private ZooKeeperMember member;
    private ServedSession session;
    private boolean busy;
    private boolean closed;

    ZooKeeperLink(
            SimulatedZooKeeper ensemble, Client client, ZooKeeperClient owner, ZooKeeperPipe up, ZooKeeperPipe down) {
        this.ensemble = ensemble;
        this.client = client;
        this.owner = owner;
        this.up = up;
        this.down = down;
    }

    ZooKeeperClient owner() {
        return owner;
    }

    ServedSession session() {
        return session;
    }

    ZooKeeperMember member() {
        return member;
    }

    // ---- the client's side -----------------------------------------------------------------------------

    void connect(long sessionId, byte[] password, long seenZxid, int timeoutMs) {
        up.send(() -> ensemble.accept(this, sessionId, password, seenZxid, timeoutMs));
    }

    void send(ZooKeeperMessage message) {
        up.send(() -> arrived(message));
    }

    /** The client has gone; what it sent before still arrives. */
    void closedByClient() {
        down.cut();
        up.send(this::end);
    }

    // ---- the server's side -----------------------------------------------------------------------------

    void accepted(ZooKeeperMember by, ServedSession served) {
        member = by;
        session = served;
        down.send(() -> client.welcome(this, served.id(), served.password(), served.timeoutMs()));
    }

    void expired() {
        closed = true;
        down.send(() -> client.welcome(this, 0, new byte[16], 0));
    }

    private void arrived(ZooKeeperMessage message) {
        if (closed || session == null) {
            return;
        }
        session.touch();
        if (message instanceof ZooKeeperMessage.Ping) {
            down.send(() -> client.answer(this, null));
            return;
        }
        if (message instanceof ZooKeeperMessage.Write && owner.takes(ZooKeeperClient.Loss.REQUEST)) {
            close();
            return;
        }
        queue.add(message);
        proceed();
    }

    private void proceed() {
        while (!busy && !closed && !queue.isEmpty()) {
            ZooKeeperMessage message = queue.poll();
            switch (message) {
                case ZooKeeperMessage.Read read -> reply(member.read(read, this));
                case ZooKeeperMessage.SetWatches watches -> reply(member.watch(watches, this));
                case ZooKeeperMessage.Ping() -> {}
                case ZooKeeperMessage.Write write -> {
                    busy = true;
                    ensemble.write(this, write, reply -> answered(write, reply));
                }
                case ZooKeeperMessage.Sync sync -> {
                    busy = true;
                    ensemble.sync(this, reply -> answered(sync, reply));
                }
                case ZooKeeperMessage.CloseSession close -> {
                    busy = true;
                    ensemble.closeSession(this, reply -> {
                        answered(close, reply);
                        close();
                    });
                }
            }
        }
    }

    private void answered(ZooKeeperMessage message, Reply reply) {
        busy = false;
        if (closed) {
            return;
        }
        if (message instanceof ZooKeeperMessage.Write && owner.takes(ZooKeeperClient.Loss.ANSWER)) {
            close();
            return;
        }
        reply(reply);
        proceed();
    }

    private void reply(Reply reply) {
        down.send(() -> client.answer(this, reply));
    }

    void tell(EventType type, String path) {
        down.send(() -> client.event(this, type, path));
    }

    /** The server closes it; what it said before still arrives. */
    void close() {
        if (!closed) {
            end();
        }
        down.send(() -> client.closed(this));
    }

    private void end() {
        closed = true;
        queue.clear();
        ensemble.ended(this);
    }

    // ---- what the moves do -----------------------------------------------------------------------------

    /** It breaks: what the server says is lost, and what the client said but for the first messages. */
    void breaks(int arriving) {
        up.cut(arriving, this::end);
        down.cut();
    }

    int underWay() {
        return up.underWay();
    }

    void stall(boolean now) {
        up.stall(now);
        down.stall(now);
    }
}
