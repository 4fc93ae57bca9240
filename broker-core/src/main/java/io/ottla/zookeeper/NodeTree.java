package io.ottla.zookeeper;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.apache.zookeeper.KeeperException.Code;

/** The nodes of this broker's ZooKeeper, for somebody who looks around, and the session that shows them. Thread-safe; no call blocks. */
public final class NodeTree {
    private final ZooKeeperSession session;
    private final ZooKeeperRequests requests;
    private final NodeBatches batches;
    private final String connect;

    /**
     * @param connect hosts with ports, and a chroot where there is one
     * @param executor where answers come
     */
    public NodeTree(ZooKeeperSession session, String connect, Executor executor) {
        this.session = session;
        this.requests = session.reads(executor);
        this.batches = new NodeBatches(requests, session.requests(executor), session.acls(), session::isConnected);
        this.connect = connect;
    }

    /** Where the ZooKeeper is: hosts with ports, and a chroot where there is one. */
    public String connect() {
        return connect;
    }

    public SessionStatus status() {
        return session.status();
    }

    /** 0 where there is no session. */
    public long sessionId() {
        return session.sessionId();
    }

    /** The session timeout that the server agreed to, in milliseconds. */
    public int timeoutMs() {
        return session.negotiatedTimeoutMs();
    }

    /** Many nodes at once. */
    public NodeBatches batches() {
        return batches;
    }

    /**
     * Looks at a node.
     *
     * @return empty where there is none; fails with a {@link ZooKeeperUnavailableException} where ZooKeeper does not say
     */
    public CompletableFuture<Optional<SeenNode>> look(String path) {
        if (!session.isConnected()) {
            return CompletableFuture.failedFuture(
                    new ZooKeeperUnavailableException("Expected a connection to ZooKeeper, but there is none"));
        }
        return requests.getData(path).thenCombine(requests.getChildren(path), (data, children) -> {
            if (data.code() == Code.NONODE || children.code() == Code.NONODE) {
                return Optional.empty();
            }
            if (!data.isOk() || !children.isOk()) {
                throw new CompletionException(new ZooKeeperUnavailableException("Expected to read " + path
                        + ", but ZooKeeper says " + (data.isOk() ? children.code() : data.code())));
            }
            return Optional.of(SeenNode.of(children.value(), data.value(), data.stat()));
        });
    }
}
