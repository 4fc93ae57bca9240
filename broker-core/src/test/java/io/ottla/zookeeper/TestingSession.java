package io.ottla.zookeeper;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;

/** A session without a server: what is asked of it waits for the test to answer. Not thread-safe. */
final class TestingSession implements ZooKeeperSession {
    /** @param what the kind of the request and its path */
    record Asked(String what, CompletableFuture<Answer<Object>> answer) {
        void ok(Object value, Stat stat) {
            answer.complete(new Answer<>(Code.OK, value, stat));
        }

        void refused(Code code) {
            answer.complete(new Answer<>(code, null, null));
        }
    }

    /** Oldest first; the test takes out what it answers. */
    final List<Asked> asked = new ArrayList<>();

    final Set<Long> former = new HashSet<>();
    boolean connected = true;
    private final List<Consumer<SessionEvent>> listeners = new ArrayList<>();
    private long id;

    TestingSession(long id) {
        this.id = id;
    }

    /** This session is lost, and another one is there. */
    void followedBy(long next) {
        former.add(id);
        id = next;
        listeners.forEach(listener -> listener.accept(new SessionEvent.Lost()));
        listeners.forEach(listener -> listener.accept(new SessionEvent.Connected(next)));
    }

    /** A node's versions, as the session with that id has made it. */
    static Stat madeBy(long session, long czxid) {
        Stat stat = new Stat();
        stat.setEphemeralOwner(session);
        stat.setCzxid(czxid);
        return stat;
    }

    @Override
    public void open(boolean founding) {}

    @Override
    public void listen(Consumer<SessionEvent> listener) {
        listeners.add(listener);
    }

    @Override
    public void takeOverBy(Supplier<CompletionStage<?>> takeover) {}

    @Override
    public boolean isConnected() {
        return connected;
    }

    @Override
    public SessionStatus status() {
        return new SessionStatus(connected ? SessionStatus.State.CONNECTED : SessionStatus.State.NONE, 0);
    }

    @Override
    public long sessionId() {
        return id;
    }

    @Override
    public boolean isFormer(long sessionId) {
        return former.contains(sessionId);
    }

    @Override
    public int negotiatedTimeoutMs() {
        return 6_000;
    }

    @Override
    public ZooKeeperRequests requests(Executor answers) {
        return new Requests();
    }

    @Override
    public ZooKeeperRequests reads(Executor answers) {
        return new Requests();
    }

    @Override
    public NodeAcls acls() {
        return new NodeAcls(false);
    }

    @Override
    public void close() {}

    @SuppressWarnings("unchecked") // the test gives what fits
    private <T> CompletableFuture<Answer<T>> ask(String what) {
        CompletableFuture<Answer<T>> answer = new CompletableFuture<>();
        asked.add(new Asked(what, (CompletableFuture<Answer<Object>>) (CompletableFuture<?>) answer));
        return answer;
    }

    private final class Requests implements ZooKeeperRequests {
        @Override
        public CompletableFuture<Answer<byte[]>> getData(String path) {
            return ask("getData " + path);
        }

        @Override
        public CompletableFuture<Answer<byte[]>> getData(String path, Runnable changed) {
            return ask("getData " + path);
        }

        @Override
        public CompletableFuture<Answer<Void>> exists(String path) {
            return ask("exists " + path);
        }

        @Override
        public CompletableFuture<Answer<Void>> exists(String path, Runnable changed) {
            return ask("exists " + path);
        }

        @Override
        public CompletableFuture<Answer<List<String>>> getChildren(String path) {
            return ask("getChildren " + path);
        }

        @Override
        public CompletableFuture<Answer<List<String>>> getChildren(String path, Runnable changed) {
            return ask("getChildren " + path);
        }

        @Override
        public CompletableFuture<Answer<String>> create(String path, byte[] data, List<ACL> acl, CreateMode mode) {
            return ask("create " + path);
        }

        @Override
        public CompletableFuture<Answer<Void>> setData(String path, byte[] data, int version) {
            return ask("setData " + path);
        }

        @Override
        public CompletableFuture<Answer<Void>> delete(String path, int version) {
            return ask("delete " + path);
        }

        @Override
        public CompletableFuture<Answer<List<OpResult>>> multi(List<Op> operations) {
            return ask("multi " + operations.getFirst().getPath());
        }

        @Override
        public CompletableFuture<Answer<Void>> sync(String path) {
            return ask("sync " + path);
        }
    }
}
