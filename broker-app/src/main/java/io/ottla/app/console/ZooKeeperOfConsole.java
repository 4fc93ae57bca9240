package io.ottla.app.console;

import io.ottla.app.process.BrokerProcess;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ClusterFailure.Reason;
import io.ottla.console.clusters.ZooKeeperNodes;
import io.ottla.console.clusters.ZooKeeperPort;
import io.ottla.console.words.Wording;
import io.ottla.zookeeper.NodeTree;
import io.ottla.zookeeper.OtherZooKeeper;
import io.ottla.zookeeper.SeenNode;
import io.ottla.zookeeper.SessionStatus;
import io.ottla.zookeeper.ZooKeeperUnavailableException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

/** Looks into ZooKeepers for the console, and changes nodes of them: the broker's through its own session, others through one that is opened for each look. Thread-safe. */
final class ZooKeeperOfConsole implements ZooKeeperPort {
    private static final int TIMEOUT_MS = 5_000;
    private static final int MOST_SERVERS = 20;
    private static final int AT_ONCE = 4;
    /** How long one waits until another one has looked. */
    private static final int TURN_MS = 2_000;

    private static final String DEFAULT_PORT = ":2181";

    private final BrokerProcess process;
    private final ZooKeeperAnswers answers = new ZooKeeperAnswers("zookeeper.away");
    private final Semaphore others = new Semaphore(AT_ONCE);

    ZooKeeperOfConsole(BrokerProcess process) {
        this.process = process;
    }

    /** What is asked of another ZooKeeper. */
    @FunctionalInterface
    private interface Look<T> {
        T at(OtherZooKeeper other) throws ZooKeeperUnavailableException, InterruptedException;
    }

    @Override
    public String bootstrap(String connect) {
        List<String> brokers = look(connect, OtherZooKeeper::brokers);
        if (brokers.isEmpty()) {
            throw new ClusterFailure(Reason.FAILED, Wording.of("zookeeper.no-brokers", connect));
        }
        return String.join(",", brokers);
    }

    @Override
    public List<Member> ensemble(String connect) {
        String address = connect.isEmpty() ? tree().connect() : connect;
        int slash = address.indexOf('/');
        List<String> servers = Stream.of((slash < 0 ? address : address.substring(0, slash)).split(","))
                .map(String::strip)
                .filter(server -> !server.isEmpty())
                .map(server -> server.matches(".*:\\d+") ? server : server + DEFAULT_PORT)
                .distinct()
                .limit(MOST_SERVERS)
                .toList();
        List<Future<Member>> members;
        try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
            members = servers.stream()
                    .map(server -> each.submit(() -> FourLetterWords.ask(server)))
                    .toList();
        }
        return members.stream().map(Future::resultNow).toList();
    }

    @Override
    public Optional<Session> session() {
        NodeTree tree = process.nodes();
        SessionStatus status = tree == null ? null : tree.status();
        return status == null
                ? Optional.empty()
                : Optional.of(new Session(
                        tree.connect(),
                        "0x" + Long.toHexString(tree.sessionId()),
                        status.state().name(),
                        Instant.ofEpochMilli(status.sinceMs()),
                        tree.timeoutMs()));
    }

    @Override
    public Optional<Node> node(String connect, String path) {
        NodeTree tree = connect.isEmpty() ? tree() : null;
        Optional<SeenNode> seen =
                tree == null ? look(connect, other -> other.look(path)) : answers.await(() -> tree.look(path));
        return seen.map(node -> new Node(
                path,
                node.children(),
                node.content() == null ? new byte[0] : node.content(),
                node.version(),
                node.owner() == 0 ? "" : "0x" + Long.toHexString(node.owner()),
                Instant.ofEpochMilli(node.createdMs()),
                Instant.ofEpochMilli(node.changedMs())));
    }

    @Override
    public <T> T within(String connect, Function<ZooKeeperNodes, T> work) {
        return connect.isEmpty()
                ? work.apply(new NodesOfConsole(tree().batches(), answers))
                : look(connect, other -> work.apply(new NodesOfConsole(other.batches(), answers)));
    }

    private NodeTree tree() {
        NodeTree tree = process.nodes();
        if (tree == null) {
            throw new ClusterFailure(
                    Reason.NO_ANSWER,
                    Wording.of("failure.not-listening", process.state().name()));
        }
        return tree;
    }

    private <T> T look(String connect, Look<T> look) {
        boolean mine = false;
        try {
            mine = others.tryAcquire(TURN_MS, TimeUnit.MILLISECONDS);
            if (!mine) {
                throw new ClusterFailure(Reason.BUSY, Wording.of("zookeeper.busy"));
            }
            try (OtherZooKeeper other = OtherZooKeeper.open(connect, TIMEOUT_MS)) {
                return look.at(other);
            }
        } catch (ZooKeeperUnavailableException away) {
            throw new ClusterFailure(Reason.NO_ANSWER, Wording.quoted(away.getMessage()), away);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ClusterFailure(Reason.BUSY, Wording.of("zookeeper.busy"), interrupted);
        } finally {
            if (mine) {
                others.release();
            }
        }
    }
}
