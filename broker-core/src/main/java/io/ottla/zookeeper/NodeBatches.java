package io.ottla.zookeeper;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.data.Stat;

/**
 * Reads many nodes at once, and changes several as one: for who looks at what others than brokers keep in ZooKeeper. A future
 * fails with a {@link ZooKeeperUnavailableException} where ZooKeeper does not say; after a change it is unknown then whether it
 * was made. Thread-safe; no call blocks.
 */
public final class NodeBatches {
    private final ZooKeeperRequests reads;
    private final ZooKeeperRequests writes;
    private final NodeAcls acls;
    private final BooleanSupplier connected;

    NodeBatches(ZooKeeperRequests reads, ZooKeeperRequests writes, NodeAcls acls, BooleanSupplier connected) {
        this.reads = reads;
        this.writes = writes;
        this.acls = acls;
        this.connected = connected;
    }

    /** How many children nodes have, by path in their order; one that is not there is left out. */
    public CompletableFuture<Map<String, Integer>> counts(Collection<String> paths) {
        return each(paths, reads::exists, answer -> stat(answer).getNumChildren());
    }

    /** Names of children, sorted, by path in their order; a node that is not there, or that we may not read, is left out. */
    public CompletableFuture<Map<String, List<String>>> children(Collection<String> paths) {
        return each(
                paths,
                reads::getChildren,
                answer -> answer.value().stream().sorted().toList());
    }

    /** Contents by path in their order; a node that is not there, or that we may not read, is left out. */
    public CompletableFuture<Map<String, byte[]>> contents(Collection<String> paths) {
        return each(paths, reads::getData, answer -> answer.value() == null ? new byte[0] : answer.value());
    }

    /**
     * Takes all steps, or none.
     *
     * @return false where one of them could not be taken, since its node is there, is not, or has children
     */
    public CompletableFuture<Boolean> change(List<NodeStep> steps) {
        if (!connected.getAsBoolean()) {
            return unconnected();
        }
        return writes.multi(steps.stream().map(this::operation).toList()).thenApply(answer -> switch (answer.code()) {
            case OK -> true;
            case NONODE, NODEEXISTS, NOTEMPTY -> false;
            default -> throw refused("change " + steps.getFirst().path(), answer.code());
        });
    }

    private Op operation(NodeStep step) {
        return switch (step) {
            case NodeStep.Make(String path, byte[] content) ->
                Op.create(path, content, acls.of(path), CreateMode.PERSISTENT);
            case NodeStep.Write(String path, byte[] content) -> Op.setData(path, content, -1);
            case NodeStep.Remove(String path) -> Op.delete(path, -1);
        };
    }

    private <T, R> CompletableFuture<Map<String, R>> each(
            Collection<String> paths,
            Function<String, CompletableFuture<Answer<T>>> question,
            Function<Answer<T>, R> read) {
        if (!connected.getAsBoolean()) {
            return unconnected();
        }
        List<String> asked = List.copyOf(paths);
        List<CompletableFuture<Answer<T>>> answers = new ArrayList<>(asked.size());
        asked.forEach(path -> answers.add(question.apply(path)));
        return CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0]))
                .thenApply(all -> {
                    Map<String, R> found = new LinkedHashMap<>();
                    for (int i = 0; i < asked.size(); i++) {
                        Answer<T> answer = answers.get(i).join();
                        switch (answer.code()) {
                            case OK -> found.put(asked.get(i), read.apply(answer));
                            case NONODE, NOAUTH -> {} // Left out.
                            default -> throw refused("read " + asked.get(i), answer.code());
                        }
                    }
                    return found;
                });
    }

    private static Stat stat(Answer<?> answer) {
        return answer.stat();
    }

    private static <T> CompletableFuture<T> unconnected() {
        return CompletableFuture.failedFuture(
                new ZooKeeperUnavailableException("Expected a connection to ZooKeeper, but there is none"));
    }

    private static CompletionException refused(String what, Code code) {
        return new CompletionException(
                new ZooKeeperUnavailableException("Expected to " + what + ", but ZooKeeper says " + code));
    }
}
