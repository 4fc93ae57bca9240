package io.ottla.console.moves;

import io.ottla.console.clusters.Partition;
import io.ottla.console.clusters.Spread;
import io.ottla.console.clusters.Topic;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
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
 * Which brokers hold which partitions. Immutable.
 *
 * @param replicas brokers by partition, ordered by topic and partition; the first broker of a partition is its preferred
 *     leader. No partition is without a broker or has one twice
 */
public record Assignment(NavigableMap<TopicPartition, List<Integer>> replicas) {
    static final Comparator<TopicPartition> ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

    public static final Assignment EMPTY = new Assignment(Map.of());

    public Assignment(Map<TopicPartition, List<Integer>> replicas) {
        this(sorted(replicas));
    }

    public Assignment {
        NavigableMap<TopicPartition, List<Integer>> copy = new TreeMap<>(ORDER);
        replicas.forEach((partition, brokers) -> {
            if (brokers.isEmpty() || brokers.size() > 1 && new HashSet<>(brokers).size() < brokers.size()) {
                throw new IllegalArgumentException(
                        "Expected one or more different brokers for " + partition + ", but got " + brokers);
            }
            copy.put(partition, List.copyOf(brokers));
        });
        replicas = Collections.unmodifiableNavigableMap(copy);
    }

    private static NavigableMap<TopicPartition, List<Integer>> sorted(Map<TopicPartition, List<Integer>> replicas) {
        NavigableMap<TopicPartition, List<Integer>> sorted = new TreeMap<>(ORDER);
        sorted.putAll(replicas);
        return sorted;
    }

    /** As the topics are; partitions of which no replica is known are left out. */
    public static Assignment of(Collection<Topic> topics) {
        NavigableMap<TopicPartition, List<Integer>> replicas = new TreeMap<>(ORDER);
        for (Topic topic : topics) {
            for (Partition partition : topic.partitions()) {
                if (!partition.replicas().isEmpty()) {
                    replicas.put(new TopicPartition(topic.name(), partition.id()), partition.replicas());
                }
            }
        }
        return new Assignment(replicas);
    }

    public int size() {
        return replicas.size();
    }

    /** Empty where this says nothing of that partition. */
    public List<Integer> of(TopicPartition partition) {
        return replicas.getOrDefault(partition, List.of());
    }

    public NavigableSet<String> topics() {
        NavigableSet<String> topics = new TreeSet<>();
        replicas.keySet().forEach(partition -> topics.add(partition.topic()));
        return topics;
    }

    public NavigableSet<Integer> brokers() {
        NavigableSet<Integer> brokers = new TreeSet<>();
        replicas.values().forEach(brokers::addAll);
        return brokers;
    }

    /** How evenly it lies, by preferred leaders, such as it will be. */
    public Spread spread(Set<Integer> brokers) {
        Spread.Tally tally = new Spread.Tally(brokers);
        replicas.values().forEach(held -> tally.add(held, held.getFirst()));
        return tally.spread();
    }

    /** The part of it whose partitions are wanted. */
    public Assignment only(Predicate<TopicPartition> wanted) {
        NavigableMap<TopicPartition, List<Integer>> some = new TreeMap<>(replicas);
        some.keySet().removeIf(wanted.negate());
        return new Assignment(some);
    }

    /** This one, with those partitions as they are in the other. */
    public Assignment with(Assignment other) {
        NavigableMap<TopicPartition, List<Integer>> both = new TreeMap<>(replicas);
        both.putAll(other.replicas);
        return new Assignment(both);
    }
}
