package io.ottla.console.clusters;

import io.ottla.console.words.Wording;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the console asks a ZooKeeper, and what it changes there. The process implements it, since it has the client. An empty
 * address is the ZooKeeper of the broker beside the console.
 *
 * <p>Thread-safe; every call blocks for a bounded time.
 */
public interface ZooKeeperPort {
    /**
     * Where the brokers listen that are registered there.
     *
     * @param connect {@code host:port,…/chroot}
     * @return {@code host:port,…} of those that a client can reach without TLS, else of all
     * @throws ClusterFailure when it does not answer, or no broker is registered
     */
    String bootstrap(String connect);

    /** The servers that the address names, each as it says of itself. One that does not answer says why. */
    List<Member> ensemble(String connect);

    /** How the broker beside the console is connected; empty where it is not yet. */
    Optional<Session> session();

    /**
     * A node.
     *
     * @param path from the chroot on, such as {@code /brokers/ids}
     * @return empty where there is none
     * @throws ClusterFailure when it does not answer
     */
    Optional<Node> node(String connect, String path);

    /**
     * Looks at many nodes, or changes some, in one session.
     *
     * @param work uses the nodes until it returns, and no longer
     * @throws ClusterFailure when it does not answer, or as many look already as may at once
     */
    <T> T within(String connect, Function<ZooKeeperNodes, T> work);

    /**
     * A server. What it does not say is below zero, or empty.
     *
     * @param mode {@code leader}, {@code follower}, {@code observer} or {@code standalone}
     * @param averageMs of its requests since the start, as {@code longestMs}
     * @param note what could not be asked, and why; null where all could
     */
    record Member(
            String address,
            boolean answers,
            String mode,
            String version,
            double averageMs,
            double longestMs,
            long connections,
            long outstanding,
            long watches,
            long nodes,
            long bytes,
            Wording note) {}

    /**
     * A session.
     *
     * @param id as ZooKeeper writes it
     * @param state such as {@code CONNECTED}
     * @param since when it is in that state
     * @param timeoutMs that the server agreed to
     */
    record Session(String connect, String id, String state, Instant since, int timeoutMs) {}

    /**
     * A node.
     *
     * @param children names in their order
     * @param content empty where it has none
     * @param version how often the content was changed
     * @param owner the session that it goes with, as ZooKeeper writes it; empty where it stays
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Node(
            String path,
            List<String> children,
            byte[] content,
            int version,
            String owner,
            Instant created,
            Instant changed) {}
}
