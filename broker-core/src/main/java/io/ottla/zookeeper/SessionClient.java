package io.ottla.zookeeper;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException;

/**
 * What keeps a {@link KeptSession} connected: it connects, notices the loss of a connection, and opens a new session
 * where the old one is over. Thread-safe.
 */
public interface SessionClient {
    /** What becomes of the connection. */
    enum Change {
        /** Connected: in the session before, or in a new one. */
        CONNECTED,
        /** Not connected any more, or not yet; it will be tried again. */
        SUSPENDED,
        /** The session is over, or without a connection for as long as its timeout; a new one will be opened. */
        LOST
    }

    /**
     * A session as this side knows it.
     *
     * @param timeoutMs what the server agreed to
     */
    record Present(SavedSession session, int timeoutMs) {}

    /**
     * Begins to connect, and goes on to do so until {@link #close}. Called once.
     *
     * @param told of every change, in order; it hands over at once
     */
    void start(Consumer<Change> told);

    /**
     * The present session; null where there is none yet.
     *
     * @throws KeeperException when this is not started, or closed
     */
    Present present() throws KeeperException;

    /** The session timeout that a server agreed to last, in milliseconds; 0 where none ever did. */
    int negotiatedTimeoutMs();

    /** Requests in the present session whose answers come on the given executor. All share one bound. */
    ZooKeeperRequests requests(Executor answers);

    /** As {@link ZooKeeperSession#reads}. */
    ZooKeeperRequests reads(Executor answers);

    /**
     * Takes up a session that a killed process, or this one, left open and closes it, so that its ephemeral nodes go now
     * and not at its timeout. No other session can be hit: the server demands the password.
     *
     * @param executor on which the connection is closed again; that takes one round trip
     * @return done once the session is over, and true where it was closed by this
     */
    CompletableFuture<Boolean> closeOldSession(SavedSession old, Executor executor) throws IOException;

    /** Makes the node below which the cluster lives, and those above it; nothing where there is no chroot. May block. */
    void makeChroot(NodeAcls acls) throws IOException, InterruptedException;

    /** Closes the session, if a server can be reached, and connects no more. Blocks for seconds at most. */
    void close();
}
