package io.ottla.zookeeper;

import io.ottla.metrics.Distribution;
import io.ottla.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;

/** Sends requests over the connection that Curator keeps, past Curator's retries. */
final class CuratorRequests implements ZooKeeperRequests {
    /** The connection of the present session. */
    @FunctionalInterface
    interface Handle {
        ZooKeeper get() throws KeeperException;
    }

    private final Handle handle;
    private final RequestWindow window;
    private final Clock clock;
    private final Distribution latency;
    private final Executor executor;

    /** @param latency of each request, recorded in nanoseconds */
    CuratorRequests(Handle handle, RequestWindow window, Clock clock, Distribution latency, Executor executor) {
        this.handle = handle;
        this.window = window;
        this.clock = clock;
        this.latency = latency;
        this.executor = executor;
    }

    @Override
    public CompletableFuture<Answer<byte[]>> getData(String path) {
        return send((zooKeeper, done) ->
                zooKeeper.getData(path, false, (rc, p, ctx, data, stat) -> done.answer(rc, data, stat), null));
    }

    @Override
    public CompletableFuture<Answer<byte[]>> getData(String path, Runnable changed) {
        return send((zooKeeper, done) -> zooKeeper.getData(
                path, watcher(changed), (rc, p, ctx, data, stat) -> done.answer(rc, data, stat), null));
    }

    @Override
    public CompletableFuture<Answer<Void>> exists(String path) {
        return send((zooKeeper, done) ->
                zooKeeper.exists(path, false, (rc, p, ctx, stat) -> done.answer(rc, null, stat), null));
    }

    @Override
    public CompletableFuture<Answer<Void>> exists(String path, Runnable changed) {
        return send((zooKeeper, done) ->
                zooKeeper.exists(path, watcher(changed), (rc, p, ctx, stat) -> done.answer(rc, null, stat), null));
    }

    @Override
    public CompletableFuture<Answer<List<String>>> getChildren(String path) {
        return send((zooKeeper, done) -> zooKeeper.getChildren(
                path, false, (rc, p, ctx, children, stat) -> done.answer(rc, children, stat), null));
    }

    @Override
    public CompletableFuture<Answer<List<String>>> getChildren(String path, Runnable changed) {
        return send((zooKeeper, done) -> zooKeeper.getChildren(
                path, watcher(changed), (rc, p, ctx, children, stat) -> done.answer(rc, children, stat), null));
    }

    @Override
    public CompletableFuture<Answer<String>> create(String path, byte[] data, List<ACL> acl, CreateMode mode) {
        return send((zooKeeper, done) ->
                zooKeeper.create(path, data, acl, mode, (rc, p, ctx, name, stat) -> done.answer(rc, name, stat), null));
    }

    @Override
    public CompletableFuture<Answer<Void>> setData(String path, byte[] data, int version) {
        return send((zooKeeper, done) ->
                zooKeeper.setData(path, data, version, (rc, p, ctx, stat) -> done.answer(rc, null, stat), null));
    }

    @Override
    public CompletableFuture<Answer<Void>> delete(String path, int version) {
        return send((zooKeeper, done) ->
                zooKeeper.delete(path, version, (rc, p, ctx) -> done.answer(rc, null, null), null));
    }

    @Override
    public CompletableFuture<Answer<List<OpResult>>> multi(List<Op> operations) {
        return send((zooKeeper, done) -> zooKeeper.multi(
                operations, (rc, p, ctx, results) -> done.answer(multiCode(rc, results), results, null), null));
    }

    @Override
    public CompletableFuture<Answer<Void>> sync(String path) {
        return send((zooKeeper, done) -> zooKeeper.sync(path, (rc, p, ctx) -> done.answer(rc, null, null), null));
    }

    /** How to send one request. */
    @FunctionalInterface
    private interface Send<T> {
        void to(ZooKeeper zooKeeper, Exchange<T> done);
    }

    /** One request and its answer. */
    private final class Exchange<T> {
        private final CompletableFuture<Answer<T>> answer;
        private final long sentNs = clock.monotonicNs();

        Exchange(CompletableFuture<Answer<T>> answer) {
            this.answer = answer;
        }

        /** Called once, on ZooKeeper's event thread. */
        void answer(int rc, T value, Stat stat) {
            latency.record(clock.monotonicNs() - sentNs);
            Code code = Code.get(rc);
            Answer<T> whole = new Answer<>(code, code == Code.OK ? value : null, stat);
            handOver(() -> answer.complete(whole));
            window.end();
        }

        /** The request could not even be sent. Off the caller's stack, so that many of them do not pile up on it. */
        void unsent(Throwable why) {
            handOver(() -> {
                window.end();
                if (why instanceof KeeperException refusal) {
                    answer.complete(new Answer<>(refusal.code(), null, null));
                } else {
                    answer.completeExceptionally(why);
                }
            });
        }
    }

    private <T> CompletableFuture<Answer<T>> send(Send<T> request) {
        CompletableFuture<Answer<T>> answer = new CompletableFuture<>();
        window.begin(() -> {
            Exchange<T> exchange = new Exchange<>(answer);
            try {
                request.to(handle.get(), exchange);
            } catch (KeeperException | RuntimeException e) {
                exchange.unsent(e);
            }
        });
        return answer;
    }

    private Watcher watcher(Runnable changed) {
        return new NodeWatcher(this, changed);
    }

    /**
     * Events of the connection are told by the session's listeners; here only the node's own count. Who has equal words said
     * is told once, however often he reads a node: ZooKeeper's client keeps no two equal watchers of one.
     */
    private record NodeWatcher(CuratorRequests requests, Runnable changed) implements Watcher {
        @Override
        public void process(WatchedEvent event) {
            if (event.getType() != Event.EventType.None) {
                requests.handOver(changed);
            }
        }
    }

    private void handOver(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException closed) {
            // The caller is closing: whoever still waits for the answer must not wait for ever.
            task.run();
        }
    }

    private static int multiCode(int rc, List<OpResult> results) {
        if (rc == Code.OK.intValue() || results == null) {
            return rc;
        }
        for (OpResult result : results) {
            if (result instanceof OpResult.ErrorResult error
                    && error.getErr() != Code.OK.intValue()
                    && error.getErr() != Code.RUNTIMEINCONSISTENCY.intValue()) {
                return error.getErr();
            }
        }
        return rc;
    }
}
