package io.ottla.coordinator.group.assign;

import io.ottla.types.TopicId;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BinaryOperator;

/**
 * Partitions of topics. Immutable.
 *
 * @param topics without empty sets
 */
public record Assignment(Map<TopicId, PartitionSet> topics) {
    public static final Assignment NONE = new Assignment(Map.of());

    /** @param topics topics without partitions are left out */
    public Assignment {
        topics = withoutEmpty(topics);
    }

    private static Map<TopicId, PartitionSet> withoutEmpty(Map<TopicId, PartitionSet> topics) {
        for (PartitionSet partitions : topics.values()) {
            if (partitions.isEmpty()) {
                Map<TopicId, PartitionSet> kept = new HashMap<>(topics);
                kept.values().removeIf(PartitionSet::isEmpty);
                return Map.copyOf(kept);
            }
        }
        return Map.copyOf(topics);
    }

    public boolean isEmpty() {
        return topics.isEmpty();
    }

    /** Empty where it has none of that topic. */
    public PartitionSet of(TopicId topic) {
        return topics.getOrDefault(topic, PartitionSet.NONE);
    }

    public boolean contains(TopicId topic, int partition) {
        return of(topic).contains(partition);
    }

    /** Whether all of the other is in this. */
    public boolean contains(Assignment other) {
        return other.minus(this).isEmpty();
    }

    /** How many partitions there are in all. */
    public int size() {
        int size = 0;
        for (PartitionSet partitions : topics.values()) {
            size += partitions.size();
        }
        return size;
    }

    /** What is in this or in the other. */
    public Assignment union(Assignment other) {
        if (other.isEmpty()) {
            return this;
        }
        if (isEmpty()) {
            return other;
        }
        Map<TopicId, PartitionSet> all = new HashMap<>(topics);
        other.topics.forEach((topic, partitions) -> all.merge(topic, partitions, PartitionSet::union));
        return new Assignment(all);
    }

    /** What is in this and not in the other. */
    public Assignment minus(Assignment other) {
        return other.isEmpty() ? this : combined(other, PartitionSet::minus);
    }

    /** What is in both. */
    public Assignment intersection(Assignment other) {
        return other.isEmpty() ? NONE : combined(other, PartitionSet::intersection);
    }

    private Assignment combined(Assignment other, BinaryOperator<PartitionSet> how) {
        if (isEmpty()) {
            return NONE;
        }
        Map<TopicId, PartitionSet> kept = new HashMap<>();
        topics.forEach((topic, partitions) -> kept.put(topic, how.apply(partitions, other.of(topic))));
        return new Assignment(kept);
    }
}
