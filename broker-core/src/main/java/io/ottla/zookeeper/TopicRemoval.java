package io.ottla.zookeeper;

import static io.ottla.zookeeper.ZooKeeperStore.all;
import static io.ottla.zookeeper.ZooKeeperStore.orEmpty;

import io.ottla.controller.EpochGuard;
import io.ottla.metadata.ConfigResourceName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;

/**
 * Finds all nodes of a topic and says in which transactions to delete them: partitions first, then the topic's own
 * node with its configuration, and the note that asked for it last.
 */
final class TopicRemoval {
    /** Nodes of one transaction. */
    private static final int NODES = 400;

    private final ZooKeeperRequests requests;
    private final NodeAcls acls;
    private final EpochGuard guard;
    private final String topic;
    private final List<String> notes;

    /** @param notes nodes to be made first */
    TopicRemoval(ZooKeeperRequests requests, NodeAcls acls, EpochGuard guard, String topic, List<String> notes) {
        this.requests = requests;
        this.acls = acls;
        this.guard = guard;
        this.topic = topic;
        this.notes = notes;
    }

    /** @param thorough whether to look what is there, instead of trusting that partitions have states and that notes are new */
    CompletableFuture<List<List<Op>>> plan(boolean thorough) {
        String parent = PartitionNode.parent(topic);
        List<String> last = List.of(
                parent,
                TopicNode.path(topic),
                ConfigNode.path(ConfigResourceName.topic(topic)),
                StoreOperations.DELETIONS + "/" + topic);
        CompletableFuture<List<String>> parts = requests.getChildren(parent)
                .thenApply(answer -> orEmpty(answer, parent))
                .thenCompose(partitions -> thorough ? listed(parent, partitions) : assumed(parent, partitions));
        return parts.thenCombine(
                        there(last),
                        (first, then) ->
                                Stream.concat(first.stream(), then.stream()).toList())
                .thenCombine(
                        thorough ? missing() : CompletableFuture.completedFuture(notes),
                        (doomed, missing) -> parted(operations(doomed, missing)));
    }

    /** Who was told once, when the topic's own node went, is not told again. */
    private List<Op> operations(List<String> doomed, List<String> missing) {
        List<Op> all = new ArrayList<>();
        if (doomed.contains(TopicNode.path(topic))) {
            byte[] name = topic.getBytes(StandardCharsets.UTF_8);
            missing.forEach(path -> all.add(Op.create(path, name, acls.of(path), CreateMode.PERSISTENT)));
        }
        doomed.forEach(path -> all.add(Op.delete(path, -1)));
        return all;
    }

    private CompletableFuture<List<String>> there(List<String> paths) {
        return all(paths.stream().map(requests::exists).toList())
                .thenApply(answers -> IntStream.range(0, paths.size())
                        .filter(i -> answers.get(i).isOk())
                        .mapToObj(paths::get)
                        .toList());
    }

    private CompletableFuture<List<String>> missing() {
        return there(notes)
                .thenApply(there ->
                        notes.stream().filter(path -> !there.contains(path)).toList());
    }

    private static CompletableFuture<List<String>> assumed(String parent, List<String> partitions) {
        List<String> paths = new ArrayList<>(2 * partitions.size());
        for (String partition : partitions) {
            paths.add(parent + "/" + partition + "/state");
            paths.add(parent + "/" + partition);
        }
        return CompletableFuture.completedFuture(paths);
    }

    private CompletableFuture<List<String>> listed(String parent, List<String> partitions) {
        List<CompletableFuture<List<String>>> each = new ArrayList<>();
        for (String partition : partitions) {
            String folder = parent + "/" + partition;
            each.add(requests.getChildren(folder).thenApply(answer -> {
                List<String> paths = new ArrayList<>();
                orEmpty(answer, folder).forEach(child -> paths.add(folder + "/" + child));
                paths.add(folder);
                return paths;
            }));
        }
        return all(each).thenApply(lists -> lists.stream().flatMap(List::stream).toList());
    }

    private List<List<Op>> parted(List<Op> all) {
        List<List<Op>> parts = new ArrayList<>();
        for (int from = 0; from < all.size(); from += NODES) {
            List<Op> part = new ArrayList<>();
            part.add(Op.check(StoreOperations.EPOCH, guard.nodeVersion()));
            part.addAll(all.subList(from, Math.min(all.size(), from + NODES)));
            parts.add(part);
        }
        return parts;
    }
}
