package io.ottla.console.oldconsumers;

import io.ottla.console.clusters.Cluster;
import io.ottla.console.clusters.ZooKeeperAccess;
import io.ottla.console.clusters.ZooKeeperNodes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads groups of old consumers. What is not as those write it is left out. No group is read that is not asked for, and all
 * of one kind in one batch. Thread-safe.
 */
public final class OldConsumers {
    /** Names of more than that are not read: the answer could be longer than ZooKeeper's client takes. */
    public static final int MOST_GROUPS = 10_000;

    /** Offsets in one look; groups with more of them are read at another time. */
    public static final int MOST_OFFSETS = 20_000;

    /** Groups in one batch. */
    static final int AT_ONCE = 200;

    private final ZooKeeperAccess zooKeeper;

    private OldConsumers(ZooKeeperAccess zooKeeper) {
        this.zooKeeper = zooKeeper;
    }

    /** Those of a cluster; empty where nobody knows its ZooKeeper. */
    public static Optional<OldConsumers> of(Cluster cluster) {
        return cluster.zooKeeper().map(OldConsumers::new);
    }

    /** What is done to them. */
    public OldChanges changes() {
        return new OldChanges(zooKeeper);
    }

    /**
     * Names of all groups.
     *
     * @param groups sorted; none where there are too many
     * @param unread how many there are where they are too many, else 0
     */
    public record Names(List<String> groups, int unread) {}

    public Names names() {
        return zooKeeper.within(nodes -> {
            List<String> root = List.of(Layout.ROOT);
            int count = nodes.counts(root).getOrDefault(Layout.ROOT, 0);
            if (count == 0 || count > MOST_GROUPS) {
                return new Names(List.of(), count);
            }
            List<String> groups = new ArrayList<>();
            for (String name : nodes.children(root).getOrDefault(Layout.ROOT, List.of())) {
                if (Layout.isGroup(name)) {
                    groups.add(name);
                } else {
                    zooKeeper.leftOut(Layout.group(name), "it is no name of a group");
                }
            }
            return new Names(groups, 0);
        });
    }

    public boolean isThere(String group) {
        return Layout.isGroup(group)
                && !zooKeeper
                        .within(nodes -> nodes.counts(List.of(Layout.group(group))))
                        .isEmpty();
    }

    /** How many live consumers groups have. */
    public Map<String, Integer> memberCounts(Collection<String> groups) {
        return zooKeeper.within(nodes -> {
            Map<String, Integer> counts = new HashMap<>();
            inBatches(groups, batch -> {
                Map<String, Integer> told =
                        nodes.counts(batch.stream().map(Layout::ids).toList());
                batch.forEach(group -> counts.put(group, told.getOrDefault(Layout.ids(group), 0)));
                return true;
            });
            return counts;
        });
    }

    /** Live consumers with what they own; groups without any are there with none. */
    public Map<String, List<OldMember>> members(Collection<String> groups) {
        return zooKeeper.within(nodes -> {
            Map<String, List<OldMember>> members = new HashMap<>();
            inBatches(groups, batch -> {
                Map<String, List<String>> ids =
                        nodes.children(batch.stream().map(Layout::ids).toList());
                List<String> live = batch.stream()
                        .filter(group ->
                                !ids.getOrDefault(Layout.ids(group), List.of()).isEmpty())
                        .toList();
                Map<String, Map<TopicPartition, String>> owners = new HashMap<>();
                read(
                        nodes,
                        live,
                        Layout::owners,
                        Integer.MAX_VALUE,
                        owners,
                        (path, content) -> Layout.consumer(content));
                for (String group : batch) {
                    members.put(
                            group,
                            members(
                                    group,
                                    ids.getOrDefault(Layout.ids(group), List.of()),
                                    owners.getOrDefault(group, Map.of())));
                }
                return true;
            });
            return members;
        });
    }

    private static List<OldMember> members(String group, List<String> ids, Map<TopicPartition, String> owners) {
        Map<String, Map<String, List<Integer>>> owned = new HashMap<>();
        owners.forEach((partition, owner) -> owned.computeIfAbsent(owner, none -> new TreeMap<>())
                .computeIfAbsent(partition.topic(), none -> new ArrayList<>())
                .add(partition.partition()));
        owned.values().forEach(topics -> topics.values().forEach(each -> each.sort(null)));
        return ids.stream()
                .map(id -> OldMember.of(group, id, owned.getOrDefault(id, Map.of())))
                .toList();
    }

    /**
     * Offsets that groups have committed. With {@link #MOST_OFFSETS} the look ends: groups that it did not come to are left out,
     * all but the first.
     */
    public Map<String, Map<TopicPartition, Long>> offsets(Collection<String> groups) {
        return zooKeeper.within(nodes -> {
            Map<String, Map<TopicPartition, Long>> offsets = new LinkedHashMap<>();
            int[] left = {MOST_OFFSETS};
            inBatches(groups, batch -> {
                int read = read(nodes, batch, Layout::offsets, left[0], offsets, this::offset);
                left[0] -= read;
                return left[0] > 0 && offsets.keySet().containsAll(batch);
            });
            return offsets;
        });
    }

    private Long offset(String path, byte[] content) {
        OptionalLong offset = Layout.offset(content);
        if (offset.isEmpty()) {
            zooKeeper.leftOut(path, "it holds no offset");
            return null;
        }
        return offset.getAsLong();
    }

    /** Does some work on the next groups; false ends it. */
    @FunctionalInterface
    private interface Batch {
        boolean done(List<String> groups);
    }

    private static void inBatches(Collection<String> groups, Batch work) {
        List<String> all = groups.stream().filter(Layout::isGroup).toList();
        for (int from = 0; from < all.size(); from += AT_ONCE) {
            if (!work.done(all.subList(from, Math.min(all.size(), from + AT_ONCE)))) {
                return;
            }
        }
    }

    /**
     * Reads what lies by topic and partition below a node of each group.
     *
     * @param most nodes to read; of groups past it nothing is told, but of the first all is
     * @param found takes it
     * @param value of a node's path and content; null leaves it out
     * @return how many nodes were read
     */
    private <T> int read(
            ZooKeeperNodes nodes,
            List<String> groups,
            java.util.function.UnaryOperator<String> place,
            int most,
            Map<String, Map<TopicPartition, T>> found,
            BiFunction<String, byte[], T> value) {
        Map<String, List<String>> topics = children(
                nodes, groups.stream().map(place).toList(), name -> Layout.isTopic(name) ? "" : "it is no topic");
        Map<String, List<String>> partitions = children(
                nodes,
                topics.entrySet().stream()
                        .flatMap(each -> each.getValue().stream().map(topic -> Layout.below(each.getKey(), topic)))
                        .toList(),
                name -> Layout.partition(name).isPresent() ? "" : "it is no partition");
        Map<String, Map<TopicPartition, String>> paths = new LinkedHashMap<>();
        int count = 0;
        for (String group : groups) {
            Map<TopicPartition, String> own = new HashMap<>();
            for (String topic : topics.getOrDefault(place.apply(group), List.of())) {
                String at = Layout.below(place.apply(group), topic);
                for (String partition : partitions.getOrDefault(at, List.of())) {
                    OptionalInt number = Layout.partition(partition);
                    own.put(new TopicPartition(topic, number.orElseThrow()), Layout.below(at, partition));
                }
            }
            if (count + own.size() > most && !(found.isEmpty() && paths.isEmpty())) {
                break;
            }
            count += own.size();
            paths.put(group, own);
        }
        Map<String, byte[]> contents = nodes.contents(
                paths.values().stream().flatMap(own -> own.values().stream()).toList());
        paths.forEach((group, own) -> {
            Map<TopicPartition, T> values = new HashMap<>();
            own.forEach((partition, path) -> {
                T read = contents.containsKey(path) ? value.apply(path, contents.get(path)) : null;
                if (read != null) {
                    values.put(partition, read);
                }
            });
            found.put(group, values);
        });
        return count;
    }

    /** @param fault of a name; empty where it is good */
    private Map<String, List<String>> children(
            ZooKeeperNodes nodes, List<String> paths, java.util.function.UnaryOperator<String> fault) {
        Map<String, List<String>> good = new LinkedHashMap<>();
        nodes.children(paths)
                .forEach((path, names) -> good.put(
                        path,
                        names.stream()
                                .filter(name -> {
                                    String why = fault.apply(name);
                                    if (!why.isEmpty()) {
                                        zooKeeper.leftOut(Layout.below(path, name), why);
                                    }
                                    return why.isEmpty();
                                })
                                .toList()));
        return good;
    }
}
