package io.ottla.console.oldconsumers;

import io.ottla.console.clusters.NodeChange;
import io.ottla.console.clusters.NodeChange.Make;
import io.ottla.console.clusters.NodeChange.Remove;
import io.ottla.console.clusters.NodeChange.Write;
import io.ottla.console.clusters.ZooKeeperAccess;
import io.ottla.console.clusters.ZooKeeperNodes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * Changes groups of old consumers, as long as none of them has a live consumer: that is part of each change, so that no
 * consumer which joins meanwhile is overlooked, since deleting the node of their ids fails while there is one below it. The same
 * change makes it again. Up to {@link #AT_ONCE} nodes change as one.
 *
 * <p>Each call returns false where somebody else was quicker: a consumer joined, or the group is not as it was. Thread-safe.
 */
public final class OldChanges {
    static final int AT_ONCE = 1_000;

    /** A group with more nodes is deleted by several calls. */
    private static final int MOST_NODES = 200_000;

    private static final byte[] NOTHING = {};

    private final ZooKeeperAccess zooKeeper;

    OldChanges(ZooKeeperAccess zooKeeper) {
        this.zooKeeper = zooKeeper;
    }

    /** Sets offsets of a group that is there. */
    public boolean set(String group, Map<TopicPartition, Long> offsets) {
        return Layout.isGroup(group)
                && zooKeeper.within(nodes -> {
                    Map<String, Map<Integer, Long>> byTopic = new TreeMap<>();
                    offsets.forEach((at, offset) -> byTopic.computeIfAbsent(at.topic(), none -> new TreeMap<>())
                            .put(at.partition(), offset));
                    String parent = Layout.offsets(group);
                    List<String> topics = byTopic.keySet().stream()
                            .map(topic -> Layout.below(parent, topic))
                            .toList();
                    Set<String> parents =
                            nodes.counts(List.of(Layout.group(group), parent)).keySet();
                    if (!parents.contains(Layout.group(group))) {
                        return false;
                    }
                    Map<String, List<String>> there = nodes.children(topics);
                    List<NodeChange> changes = new ArrayList<>();
                    if (!parents.contains(parent)) {
                        changes.add(new Make(parent, NOTHING));
                    }
                    byTopic.forEach((topic, partitions) -> {
                        String at = Layout.below(parent, topic);
                        if (!there.containsKey(at)) {
                            changes.add(new Make(at, NOTHING));
                        }
                        Collection<String> known = new HashSet<>(there.getOrDefault(at, List.of()));
                        partitions.forEach((partition, offset) -> changes.add(
                                known.contains(Integer.toString(partition))
                                        ? new Write(Layout.below(at, partition), Layout.content(offset))
                                        : new Make(Layout.below(at, partition), Layout.content(offset))));
                    });
                    return change(nodes, group, changes);
                });
    }

    /** Deletes its offsets in a topic. */
    public boolean forget(String group, String topic) {
        return Layout.isGroup(group)
                && Layout.isTopic(topic)
                && zooKeeper.within(nodes -> {
                    List<NodeChange> changes = new ArrayList<>();
                    for (String parent : List.of(Layout.offsets(group), Layout.owners(group))) {
                        remove(nodes, Layout.below(parent, topic), changes);
                    }
                    return !changes.isEmpty() && change(nodes, group, changes);
                });
    }

    /** Deletes a group with all that it has. */
    public boolean delete(String group) {
        return Layout.isGroup(group)
                && zooKeeper.within(nodes -> {
                    List<NodeChange> changes = new ArrayList<>();
                    remove(nodes, Layout.group(group), changes);
                    String ids = Layout.ids(group);
                    if (changes.isEmpty()
                            || changes.stream().anyMatch(each -> each.path().startsWith(ids + "/"))) {
                        return false;
                    }
                    // The ids first, which fails while there is a live consumer.
                    List<NodeChange> first = new ArrayList<>(
                            changes.removeIf(each -> each.path().equals(ids))
                                    ? List.of(new Remove(ids))
                                    : guard(nodes, group));
                    first.addAll(changes.subList(0, Math.min(AT_ONCE, changes.size())));
                    boolean done = nodes.change(first);
                    for (int from = AT_ONCE; done && from < changes.size(); from += AT_ONCE) {
                        done = nodes.change(changes.subList(from, Math.min(changes.size(), from + AT_ONCE)));
                    }
                    return done;
                });
    }

    /** The node with all below it, children before parents. */
    private static void remove(ZooKeeperNodes nodes, String path, List<NodeChange> changes) {
        List<String> found = new ArrayList<>();
        List<String> level = new ArrayList<>(nodes.counts(List.of(path)).keySet());
        while (!level.isEmpty() && found.size() < MOST_NODES) {
            found.addAll(level);
            List<String> next = new ArrayList<>();
            nodes.children(level)
                    .forEach((parent, names) -> names.forEach(name -> next.add(Layout.below(parent, name))));
            level = next;
        }
        found.reversed().forEach(each -> changes.add(new Remove(each)));
    }

    private static boolean change(ZooKeeperNodes nodes, String group, List<NodeChange> changes) {
        boolean done = true;
        for (int from = 0; done && from < changes.size(); from += AT_ONCE) {
            List<NodeChange> some = new ArrayList<>(guard(nodes, group));
            some.addAll(changes.subList(from, Math.min(changes.size(), from + AT_ONCE)));
            done = nodes.change(some);
        }
        return done;
    }

    /** Changes that leave all as it is, and can't be made while the group has a live consumer. */
    private static List<NodeChange> guard(ZooKeeperNodes nodes, String group) {
        String ids = Layout.ids(group);
        return nodes.counts(List.of(ids)).isEmpty()
                ? List.of(new Make(ids, NOTHING), new Remove(ids))
                : List.of(new Remove(ids), new Make(ids, NOTHING));
    }
}
