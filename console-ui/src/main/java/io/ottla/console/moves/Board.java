package io.ottla.console.moves;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;

/**
 * The working state of one plan: brokers, topics and partitions by small numbers, and what each broker carries. The
 * partitions are those that may change; the others are in the counts only ({@link #count}) or in the background, which
 * decides between brokers that are otherwise equal.
 */
final class Board {
    /** Ids of the brokers, ascending. */
    private final int[] ids;

    private final Map<Integer, Integer> indexes = new HashMap<>();
    /** Those that may get replicas. */
    final boolean[] target;

    private final int[] rack;
    private int racks;

    final TopicPartition[] partitions;
    /** Topic of each partition. */
    final int[] topic;

    final int topics;
    private final Map<String, Integer> topicNumbers = new HashMap<>();
    final long[] bytes;
    /** Brokers of each partition before, in order. */
    final int[][] before;
    /** Brokers of each partition now: those that stayed in their order, then new ones. */
    final int[][] now;

    /** Replicas by broker. */
    final int[] replicas;

    final long[] replicaBytes;
    final int[][] replicasOfTopic;
    final int[] background;

    /** @param movable partitions that may change */
    Board(Layout layout, NavigableMap<TopicPartition, List<Integer>> movable, Set<Integer> targets) {
        NavigableSet<Integer> known = new TreeSet<>(layout.live());
        known.addAll(layout.assignment().brokers());
        ids = known.stream().mapToInt(Integer::intValue).toArray();
        for (int i = 0; i < ids.length; i++) {
            indexes.put(ids[i], i);
        }
        target = new boolean[ids.length];
        targets.forEach(broker -> target[indexes.get(broker)] = true);
        rack = rackNumbers(layout.racks());

        partitions = movable.keySet().toArray(TopicPartition[]::new);
        topic = new int[partitions.length];
        bytes = new long[partitions.length];
        before = new int[partitions.length][];
        now = new int[partitions.length][];
        int p = 0;
        for (Map.Entry<TopicPartition, List<Integer>> entry : movable.entrySet()) {
            topic[p] = topicNumbers.computeIfAbsent(partitions[p].topic(), name -> topicNumbers.size());
            bytes[p] = layout.bytesOf(partitions[p]);
            before[p] = indexed(entry.getValue());
            now[p] = before[p].clone();
            p++;
        }
        topics = topicNumbers.size();
        replicas = new int[ids.length];
        replicaBytes = new long[ids.length];
        replicasOfTopic = new int[topics][ids.length];
        background = new int[ids.length];
        for (p = 0; p < partitions.length; p++) {
            for (int broker : now[p]) {
                count(p, broker, 1);
            }
        }
    }

    private int[] rackNumbers(Map<Integer, String> names) {
        int[] numbers = new int[ids.length];
        Map<String, Integer> known = new HashMap<>();
        for (int i = 0; i < ids.length; i++) {
            String name = names.getOrDefault(ids[i], "");
            Integer number = name.isEmpty() ? null : known.get(name);
            if (number == null) {
                number = racks++;
                known.put(name, number);
            }
            numbers[i] = number;
        }
        return numbers;
    }

    int brokers() {
        return ids.length;
    }

    private int[] indexed(List<Integer> brokers) {
        int[] numbers = new int[brokers.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = indexes.get(brokers.get(i));
        }
        return numbers;
    }

    /** Partitions of a topic are neighbours: the first one after those of the topic that begins here. */
    int endOfTopic(int start) {
        int end = start + 1;
        while (end < topic.length && topic[end] == topic[start]) {
            end++;
        }
        return end;
    }

    /**
     * Takes a partition that stays as it is into the counts.
     *
     * @return the broker that leads it
     */
    int countFixed(TopicPartition partition, long size, List<Integer> brokers) {
        Integer number = topicNumbers.get(partition.topic());
        for (int broker : indexed(brokers)) {
            replicas[broker]++;
            replicaBytes[broker] += size;
            if (number != null) {
                replicasOfTopic[number][broker]++;
            }
        }
        return indexes.get(brokers.getFirst());
    }

    void countBackground(List<Integer> brokers) {
        for (int broker : brokers) {
            background[indexes.get(broker)]++;
        }
    }

    /** Takes every replica off brokers. */
    void evict(Predicate<Integer> gone) {
        boolean[] leaves = new boolean[ids.length];
        for (int broker = 0; broker < ids.length; broker++) {
            leaves[broker] = gone.test(ids[broker]);
        }
        for (int p = 0; p < partitions.length; p++) {
            for (int broker : before[p]) {
                if (leaves[broker]) {
                    remove(p, broker);
                }
            }
        }
    }

    boolean has(int p, int broker) {
        return contains(now[p], broker);
    }

    /** It held the partition before the plan, so that it has nothing to copy. */
    boolean hadBefore(int p, int broker) {
        return contains(before[p], broker);
    }

    private static boolean contains(int[] brokers, int broker) {
        for (int each : brokers) {
            if (each == broker) {
                return true;
            }
        }
        return false;
    }

    void add(int p, int broker) {
        now[p] = Arrays.copyOf(now[p], now[p].length + 1);
        now[p][now[p].length - 1] = broker;
        count(p, broker, 1);
    }

    void remove(int p, int broker) {
        now[p] = Arrays.stream(now[p]).filter(each -> each != broker).toArray();
        count(p, broker, -1);
    }

    void move(int p, int from, int to) {
        for (int i = 0; i < now[p].length; i++) {
            if (now[p][i] == from) {
                now[p][i] = to;
            }
        }
        count(p, from, -1);
        count(p, to, 1);
    }

    private void count(int p, int broker, int change) {
        replicas[broker] += change;
        replicaBytes[broker] += change * bytes[p];
        replicasOfTopic[topic[p]][broker] += change;
    }

    /** How many replicas of the partition are in that broker's rack. */
    int inRackOf(int p, int broker) {
        int count = 0;
        for (int each : now[p]) {
            count += rack[each] == rack[broker] ? 1 : 0;
        }
        return count;
    }

    /** Moving one replica leaves the partition in no fewer racks than it is in now. */
    boolean keepsRacks(int p, int from, int to) {
        return rack[from] == rack[to] || inRackOf(p, to) == 0 || inRackOf(p, from) > 1;
    }

    /** @param leaders the first replica of each partition */
    Assignment assignment(int[] leaders) {
        NavigableMap<TopicPartition, List<Integer>> assigned = new TreeMap<>(Assignment.ORDER);
        for (int p = 0; p < partitions.length; p++) {
            assigned.put(partitions[p], ordered(p, leaders[p]));
        }
        return new Assignment(assigned);
    }

    /** The leader, then those that were there, in their order, then new ones. */
    private List<Integer> ordered(int p, int leader) {
        List<Integer> brokers = new ArrayList<>(now[p].length);
        brokers.add(ids[leader]);
        for (int broker : before[p]) {
            if (broker != leader && has(p, broker)) {
                brokers.add(ids[broker]);
            }
        }
        for (int broker : now[p]) {
            if (broker != leader && !hadBefore(p, broker)) {
                brokers.add(ids[broker]);
            }
        }
        return brokers;
    }
}
