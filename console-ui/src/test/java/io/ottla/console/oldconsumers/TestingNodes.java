package io.ottla.console.oldconsumers;

import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ClusterFailure.Reason;
import io.ottla.console.clusters.NodeChange;
import io.ottla.console.clusters.ZooKeeperAccess;
import io.ottla.console.clusters.ZooKeeperNodes;
import io.ottla.console.clusters.ZooKeeperPort;
import io.ottla.console.words.Wording;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A ZooKeeper in memory with groups of old consumers. */
public final class TestingNodes implements ZooKeeperPort, ZooKeeperNodes {
    public final Map<String, byte[]> nodes = new TreeMap<>(Map.of("/consumers", new byte[0]));

    /** Whether it does not answer. */
    public boolean away;

    /** Nodes that were asked for. */
    public int asked;

    /** Runs before each change. */
    public Runnable before = () -> {};

    /** A node with those above it. */
    public TestingNodes with(String path, String content) {
        for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
            nodes.putIfAbsent(path.substring(0, slash), new byte[0]);
        }
        nodes.put(path, content.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    public TestingNodes offset(String group, String topic, int partition, long offset) {
        return with("/consumers/" + group + "/offsets/" + topic + "/" + partition, Long.toString(offset));
    }

    public TestingNodes member(String group, String id, String topic, int... partitions) {
        with(
                "/consumers/" + group + "/ids/" + id,
                "{\"version\":1,\"subscription\":{\"" + topic + "\":1},\"pattern\":\"static\",\"timestamp\":\"1\"}");
        for (int partition : partitions) {
            with("/consumers/" + group + "/owners/" + topic + "/" + partition, id + "-0");
        }
        return this;
    }

    public String text(String path) {
        return nodes.containsKey(path) ? new String(nodes.get(path), StandardCharsets.UTF_8) : null;
    }

    /** An hour passes with each look at the clock. */
    public ZooKeeperAccess access() {
        AtomicInteger hour = new AtomicInteger();
        return new ZooKeeperAccess(this, "", () -> Instant.EPOCH.plus(Duration.ofHours(hour.incrementAndGet())));
    }

    @Override
    public <T> T within(String connect, Function<ZooKeeperNodes, T> work) {
        if (away) {
            throw new ClusterFailure(Reason.NO_ANSWER, Wording.quoted("Nobody is there."));
        }
        return work.apply(this);
    }

    @Override
    public Map<String, Integer> counts(Collection<String> paths) {
        return each(paths, path -> below(path).size());
    }

    @Override
    public Map<String, List<String>> children(Collection<String> paths) {
        return each(paths, this::below);
    }

    @Override
    public Map<String, byte[]> contents(Collection<String> paths) {
        return each(paths, nodes::get);
    }

    private <T> Map<String, T> each(Collection<String> paths, Function<String, T> told) {
        Map<String, T> found = new LinkedHashMap<>();
        for (String path : paths) {
            asked++;
            if (nodes.containsKey(path)) {
                found.put(path, told.apply(path));
            }
        }
        return found;
    }

    private List<String> below(String path) {
        return nodes.keySet().stream()
                .filter(each -> each.startsWith(path + "/") && each.indexOf('/', path.length() + 1) < 0)
                .map(each -> each.substring(path.length() + 1))
                .toList();
    }

    @Override
    public boolean change(List<NodeChange> changes) {
        before.run();
        Map<String, byte[]> was = new TreeMap<>(nodes);
        boolean done = changes.stream().allMatch(this::change);
        if (!done) {
            nodes.clear();
            nodes.putAll(was);
        }
        return done;
    }

    private boolean change(NodeChange change) {
        boolean there = nodes.containsKey(change.path());
        return switch (change) {
            case NodeChange.Make(String path, byte[] content) -> {
                boolean good = !there && nodes.containsKey(path.substring(0, path.lastIndexOf('/')));
                nodes.put(path, content);
                yield good;
            }
            case NodeChange.Write(String path, byte[] content) -> {
                nodes.put(path, content);
                yield there;
            }
            case NodeChange.Remove(String path) -> there && below(path).isEmpty() && nodes.remove(path) != null;
        };
    }

    @Override
    public String bootstrap(String connect) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Member> ensemble(String connect) {
        return List.of();
    }

    @Override
    public Optional<Session> session() {
        return Optional.empty();
    }

    @Override
    public Optional<Node> node(String connect, String path) {
        return Optional.empty();
    }
}
