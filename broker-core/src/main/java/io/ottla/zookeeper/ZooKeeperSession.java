package io.ottla.zookeeper;

import java.io.IOException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A broker's session with ZooKeeper: what this room's classes need of it, and all that stands between them and a server.
 * A session that is lost is followed by another one, for as long as this is not closed. Thread-safe.
 */
public interface ZooKeeperSession extends AutoCloseable {
    /**
     * Makes the chroot where there is none, closes what a killed process of this broker's folders left open, and opens
     * the session. Blocks, as long as {@code zookeeper.connection.timeout.ms} for each of the three. Called once, while
     * this process holds the folders' locks.
     *
     * @param founding whether a cluster may be founded; else no chroot is made, and without one no node will be there
     * @throws ZooKeeperUnavailableException when ZooKeeper does not answer in time
     * @throws IOException when no connection can be made
     */
    void open(boolean founding) throws IOException, InterruptedException;

    /**
     * Tells of every event from now on, one after the other, after listeners that came before. Who comes after
     * {@link #open} is not told of the session that is there already.
     */
    void listen(Consumer<SessionEvent> listener);

    /**
     * Says who takes over what this process's former sessions own, each time that a new one is there: only then are they
     * closed, so that nobody sees a node go and come again that could have changed hands.
     *
     * @param takeover begins it, on the thread of the listeners; what it returns is done when nothing of theirs is needed
     *     any more
     */
    void takeOverBy(Supplier<CompletionStage<?>> takeover);

    /** Whether the session is connected, as far as this side knows. */
    boolean isConnected();

    /** How it stands, as far as this side knows. */
    SessionStatus status();

    /**
     * The present session's id: the owner of ephemeral nodes that are made in it.
     *
     * @return 0 where there is none
     */
    long sessionId();

    /**
     * Whether that was this process's session before it was lost, or that of the process before it in the same folders:
     * what it still owns is going, or being taken away.
     */
    boolean isFormer(long sessionId);

    /** The session timeout that the server agreed to, in milliseconds. */
    int negotiatedTimeoutMs();

    /** Requests in this session whose answers come on the given executor. All share one bound on requests in flight. */
    ZooKeeperRequests requests(Executor answers);

    /**
     * Requests for who reads all of the cluster: with a wider bound of their own. Among them the order is kept, but not
     * between them and other {@link #requests}.
     */
    ZooKeeperRequests reads(Executor answers);

    /** Who may do what with nodes that this broker makes. */
    NodeAcls acls();

    /** Closes the session, so that its ephemeral nodes go at once. Returns within seconds. */
    @Override
    void close();
}
