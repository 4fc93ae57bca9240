package io.ottla.simulation;

import io.ottla.zookeeper.Answer;
import io.ottla.zookeeper.NodeAcls;
import io.ottla.zookeeper.SavedSession;
import io.ottla.zookeeper.SessionClient;
import io.ottla.zookeeper.ZooKeeperRequests;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.ACL;

/** A client of ZooKeeper whose transactions somebody meddles with. */
final class TamperedSessions implements SessionClient {
    /** Meddles with transactions. */
    interface Meddler {
        CompletableFuture<Answer<List<OpResult>>> multi(ZooKeeperRequests real, List<Op> operations);
    }

    private final SessionClient real;
    private final Meddler meddler;

    TamperedSessions(SessionClient real, Meddler meddler) {
        this.real = real;
        this.meddler = meddler;
    }

    @Override
    public void start(Consumer<Change> told) {
        real.start(told);
    }

    @Override
    public Present present() throws KeeperException {
        return real.present();
    }

    @Override
    public int negotiatedTimeoutMs() {
        return real.negotiatedTimeoutMs();
    }

    @Override
    public ZooKeeperRequests requests(Executor answers) {
        return new Requests(real.requests(answers));
    }

    @Override
    public ZooKeeperRequests reads(Executor answers) {
        return real.reads(answers);
    }

    @Override
    public CompletableFuture<Boolean> closeOldSession(SavedSession old, Executor executor) throws IOException {
        return real.closeOldSession(old, executor);
    }

    @Override
    public void makeChroot(NodeAcls acls) throws IOException, InterruptedException {
        real.makeChroot(acls);
    }

    @Override
    public void close() {
        real.close();
    }

    private final class Requests implements ZooKeeperRequests {
        private final ZooKeeperRequests real;

        Requests(ZooKeeperRequests real) {
            this.real = real;
        }

        @Override
        public CompletableFuture<Answer<byte[]>> getData(String path) {
            return real.getData(path);
        }

        @Override
        public CompletableFuture<Answer<byte[]>> getData(String path, Runnable changed) {
            return real.getData(path, changed);
        }

        @Override
        public CompletableFuture<Answer<Void>> exists(String path) {
            return real.exists(path);
        }

        @Override
        public CompletableFuture<Answer<Void>> exists(String path, Runnable changed) {
            return real.exists(path, changed);
        }

        @Override
        public CompletableFuture<Answer<List<String>>> getChildren(String path) {
            return real.getChildren(path);
        }

        @Override
        public CompletableFuture<Answer<List<String>>> getChildren(String path, Runnable changed) {
            return real.getChildren(path, changed);
        }

        @Override
        public CompletableFuture<Answer<String>> create(String path, byte[] data, List<ACL> acl, CreateMode mode) {
            return real.create(path, data, acl, mode);
        }

        @Override
        public CompletableFuture<Answer<Void>> setData(String path, byte[] data, int version) {
            return real.setData(path, data, version);
        }

        @Override
        public CompletableFuture<Answer<Void>> delete(String path, int version) {
            return real.delete(path, version);
        }

        @Override
        public CompletableFuture<Answer<List<OpResult>>> multi(List<Op> operations) {
            return meddler.multi(real, operations);
        }

        @Override
        public CompletableFuture<Answer<Void>> sync(String path) {
            return real.sync(path);
        }
    }
}
