package io.ottla.app.console;

import io.ottla.console.clusters.NodeChange;
import io.ottla.console.clusters.ZooKeeperNodes;
import io.ottla.zookeeper.NodeBatches;
import io.ottla.zookeeper.NodeStep;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Nodes for the console. Many are asked for some at a time, so that no answer takes longer than is waited for. */
final class NodesOfConsole implements ZooKeeperNodes {
    private static final int AT_ONCE = 2_000;

    private final NodeBatches batches;
    private final ZooKeeperAnswers answers;

    NodesOfConsole(NodeBatches batches, ZooKeeperAnswers answers) {
        this.batches = batches;
        this.answers = answers;
    }

    @Override
    public Map<String, Integer> counts(Collection<String> paths) {
        return inParts(paths, batches::counts);
    }

    @Override
    public Map<String, List<String>> children(Collection<String> paths) {
        return inParts(paths, batches::children);
    }

    @Override
    public Map<String, byte[]> contents(Collection<String> paths) {
        return inParts(paths, batches::contents);
    }

    @Override
    public boolean change(List<NodeChange> changes) {
        List<NodeStep> steps = changes.stream().map(NodesOfConsole::step).toList();
        return answers.await(() -> batches.change(steps));
    }

    private static NodeStep step(NodeChange change) {
        return switch (change) {
            case NodeChange.Make(String path, byte[] content) -> new NodeStep.Make(path, content);
            case NodeChange.Write(String path, byte[] content) -> new NodeStep.Write(path, content);
            case NodeChange.Remove(String path) -> new NodeStep.Remove(path);
        };
    }

    private <T> Map<String, T> inParts(
            Collection<String> paths, Function<List<String>, CompletableFuture<Map<String, T>>> question) {
        List<String> all = List.copyOf(paths);
        Map<String, T> found = new LinkedHashMap<>();
        for (int from = 0; from < all.size(); from += AT_ONCE) {
            List<String> some = all.subList(from, Math.min(all.size(), from + AT_ONCE));
            found.putAll(answers.await(() -> question.apply(some)));
        }
        return found;
    }
}
