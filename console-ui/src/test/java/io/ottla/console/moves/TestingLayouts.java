package io.ottla.console.moves;

import io.ottla.console.words.Wording;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/** Clusters to plan for. */
final class TestingLayouts {
    private TestingLayouts() {}

    static TopicPartition partition(String topic, int number) {
        return new TopicPartition(topic, number);
    }

    static <T> T made(Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Made<T>(T value) -> value;
            case Outcome.Refused<T>(Wording why) -> throw new AssertionError(why.toString());
        };
    }

    static String refused(Outcome<?> outcome) {
        return switch (outcome) {
            case Outcome.Made<?>(var value) -> throw new AssertionError("Expected a refusal, but got " + value);
            case Outcome.Refused<?>(Wording why) -> why.toString();
        };
    }

    /** Brokers without racks. */
    static NavigableMap<Integer, String> brokers(int... ids) {
        NavigableMap<Integer, String> racks = new TreeMap<>();
        for (int id : ids) {
            racks.put(id, "");
        }
        return racks;
    }

    /** As many brokers from 0 on, in so many racks by turns; 0: without. */
    static NavigableMap<Integer, String> brokersInRacks(int brokers, int racks) {
        NavigableMap<Integer, String> names = new TreeMap<>();
        for (int id = 0; id < brokers; id++) {
            names.put(id, racks == 0 ? "" : "r" + id % racks);
        }
        return names;
    }

    /** Up to 6 topics at random, badly placed more often than not, some of it on a broker (99) that is down. */
    static Layout any(Random random) {
        int brokers = 1 + random.nextInt(9);
        NavigableMap<Integer, String> racks = brokersInRacks(brokers, random.nextBoolean() ? 0 : 1 + random.nextInt(4));
        List<Integer> ids = new ArrayList<>(racks.keySet());
        if (random.nextInt(4) == 0) {
            ids.add(99);
        }
        Map<TopicPartition, List<Integer>> replicas = new HashMap<>();
        Map<TopicPartition, Long> bytes = new HashMap<>();
        for (int topic = 1 + random.nextInt(6); topic > 0; topic--) {
            int factor = 1 + random.nextInt(Math.min(4, brokers));
            boolean crowded = random.nextBoolean();
            for (int number = random.nextInt(20); number >= 0; number--) {
                List<Integer> holders = new ArrayList<>(ids);
                if (!crowded || random.nextBoolean()) {
                    Collections.shuffle(holders, random);
                }
                TopicPartition partition = partition("t" + topic, number);
                replicas.put(partition, List.copyOf(holders.subList(0, factor)));
                if (random.nextInt(5) > 0) {
                    bytes.put(partition, (long) random.nextInt(1_000_000));
                }
            }
        }
        return new Layout(new Assignment(replicas), racks, bytes);
    }

    /** Topics laid out as Kafka does it: round robin from a start by chance. */
    static Layout roundRobin(
            Random random, NavigableMap<Integer, String> racks, int topics, int partitions, int factor) {
        List<Integer> ids = List.copyOf(racks.keySet());
        Map<TopicPartition, List<Integer>> replicas = new HashMap<>();
        Map<TopicPartition, Long> bytes = new HashMap<>();
        for (int topic = 0; topic < topics; topic++) {
            int start = random.nextInt(ids.size());
            for (int number = 0; number < partitions; number++) {
                List<Integer> holders = new ArrayList<>();
                for (int i = 0; i < factor; i++) {
                    holders.add(ids.get((start + number + i) % ids.size()));
                }
                replicas.put(partition("t" + topic, number), holders);
                bytes.put(partition("t" + topic, number), (long) random.nextInt(1 << 30));
            }
        }
        return new Layout(new Assignment(replicas), racks, bytes);
    }

    /** One or more of them, by chance. */
    static <T extends Comparable<T>> Set<T> some(Set<T> all, Random random) {
        List<T> shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled, random);
        return new TreeSet<>(shuffled.subList(0, 1 + random.nextInt(shuffled.size())));
    }

    static Map<Integer, Integer> replicasByBroker(Assignment assignment, Set<Integer> brokers) {
        return counts(assignment.replicas().values(), brokers);
    }

    static Map<Integer, Integer> leadersByBroker(Assignment assignment, Set<Integer> brokers) {
        return counts(
                assignment.replicas().values().stream()
                        .map(replicas -> replicas.subList(0, 1))
                        .toList(),
                brokers);
    }

    private static Map<Integer, Integer> counts(Iterable<List<Integer>> held, Set<Integer> brokers) {
        Map<Integer, Integer> counts = new TreeMap<>();
        brokers.forEach(broker -> counts.put(broker, 0));
        held.forEach(replicas -> replicas.forEach(broker -> counts.merge(broker, 1, Integer::sum)));
        return counts;
    }

    static int gap(Map<Integer, Integer> counts) {
        return Collections.max(counts.values()) - Collections.min(counts.values());
    }

    static int racks(List<Integer> replicas, Layout layout) {
        Set<String> racks = new TreeSet<>();
        for (int broker : replicas) {
            String rack = layout.racks().getOrDefault(broker, "");
            racks.add(rack.isEmpty() ? "of broker " + broker : rack);
        }
        return racks.size();
    }
}
