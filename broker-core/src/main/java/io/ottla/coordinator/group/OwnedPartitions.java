package io.ottla.coordinator.group;

import io.ottla.coordinator.group.assign.Assignment;
import io.ottla.coordinator.group.assign.PartitionSet;
import io.ottla.types.TopicId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Partitions that a member of a consumer group has, each with the epoch at which it was given to it, so that a commit of
 * an epoch since then counts (KIP-1251). Immutable.
 */
final class OwnedPartitions {
    static final OwnedPartitions NONE = new OwnedPartitions(Map.of());

    /** Where it is not known, as in what earlier software stored: any epoch of the member counts. */
    static final int UNKNOWN_EPOCH = 0;

    /** Partitions of one topic, and the epoch of each. */
    private record OfTopic(PartitionSet partitions, Epochs epochs) {}

    /** Numbers that are compared as such. */
    private static final class Epochs {
        private final int[] values;

        Epochs(int[] values) {
            this.values = values;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Epochs epochs && Arrays.equals(values, epochs.values);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(values);
        }
    }

    private final Map<TopicId, OfTopic> topics;

    private OwnedPartitions(Map<TopicId, OfTopic> topics) {
        this.topics = Map.copyOf(topics);
    }

    /** All given at one epoch. */
    static OwnedPartitions of(Assignment assignment, int epoch) {
        return NONE.with(assignment, epoch);
    }

    /** Without epochs. */
    Assignment assignment() {
        Map<TopicId, PartitionSet> plain = new HashMap<>();
        topics.forEach((topic, of) -> plain.put(topic, of.partitions()));
        return new Assignment(plain);
    }

    boolean isEmpty() {
        return topics.isEmpty();
    }

    boolean has(TopicId topic, int partition) {
        OfTopic of = topics.get(topic);
        return of != null && of.partitions().contains(partition);
    }

    /** From which member epoch on a partition was here; {@link Integer#MAX_VALUE} where it is not. */
    int epochOf(TopicId topic, int partition) {
        OfTopic of = topics.get(topic);
        int index = of == null ? -1 : of.partitions().indexOf(partition);
        return index < 0 ? Integer.MAX_VALUE : of.epochs().values[index];
    }

    /** Those that are in the assignment too. */
    OwnedPartitions only(Assignment assignment) {
        return filtered(assignment, true);
    }

    /** Those that are not in the assignment. */
    OwnedPartitions without(Assignment assignment) {
        return filtered(assignment, false);
    }

    private OwnedPartitions filtered(Assignment assignment, boolean wanted) {
        Map<TopicId, OfTopic> kept = new HashMap<>();
        topics.forEach((topic, of) -> {
            PartitionSet others = assignment.of(topic);
            PartitionSet left = wanted
                    ? of.partitions().intersection(others)
                    : of.partitions().minus(others);
            if (!left.isEmpty()) {
                kept.put(topic, restrict(topic, left));
            }
        });
        return new OwnedPartitions(kept);
    }

    private OfTopic restrict(TopicId topic, PartitionSet left) {
        int[] epochs = new int[left.size()];
        for (int i = 0; i < epochs.length; i++) {
            epochs[i] = epochOf(topic, left.get(i));
        }
        return new OfTopic(left, new Epochs(epochs));
    }

    /** These and more, given at that epoch; what is here already keeps its own. */
    OwnedPartitions with(Assignment added, int epoch) {
        Map<TopicId, OfTopic> all = new HashMap<>(topics);
        added.topics().forEach((topic, partitions) -> {
            PartitionSet together = partitionsOf(topic).union(partitions);
            int[] epochs = new int[together.size()];
            for (int i = 0; i < epochs.length; i++) {
                int known = epochOf(topic, together.get(i));
                epochs[i] = known == Integer.MAX_VALUE ? epoch : known;
            }
            all.put(topic, new OfTopic(together, new Epochs(epochs)));
        });
        return new OwnedPartitions(all);
    }

    /** These and those of the other. */
    OwnedPartitions union(OwnedPartitions other) {
        if (other.isEmpty()) {
            return this;
        }
        Map<TopicId, OfTopic> all = new HashMap<>(topics);
        other.topics.forEach((topic, of) -> {
            PartitionSet together = partitionsOf(topic).union(of.partitions());
            int[] epochs = new int[together.size()];
            for (int i = 0; i < epochs.length; i++) {
                int known = epochOf(topic, together.get(i));
                epochs[i] = known == Integer.MAX_VALUE ? other.epochOf(topic, together.get(i)) : known;
            }
            all.put(topic, new OfTopic(together, new Epochs(epochs)));
        });
        return new OwnedPartitions(all);
    }

    private PartitionSet partitionsOf(TopicId topic) {
        OfTopic of = topics.get(topic);
        return of == null ? PartitionSet.NONE : of.partitions();
    }

    /** Told of each topic. */
    @FunctionalInterface
    interface Visitor {
        /** @param epochs in the order of the partitions; not to be changed */
        void topic(TopicId topic, PartitionSet partitions, int[] epochs);
    }

    void each(Visitor visitor) {
        topics.forEach((topic, of) -> visitor.topic(topic, of.partitions(), of.epochs().values));
    }

    int topicCount() {
        return topics.size();
    }

    /** Collects what is read topic by topic. */
    static final class Builder {
        private final Map<TopicId, OfTopic> topics = new HashMap<>();

        /** @param epochs of the same length, or empty where they are not known */
        void add(TopicId topic, int[] partitions, int[] epochs) {
            if (epochs.length != 0 && epochs.length != partitions.length) {
                throw new IllegalArgumentException(
                        "Expected " + partitions.length + " epochs of partitions, but there are " + epochs.length);
            }
            PartitionSet set = PartitionSet.of(partitions);
            if (set.isEmpty()) {
                return;
            }
            int[] sorted = new int[set.size()];
            for (int i = 0; i < epochs.length; i++) {
                sorted[set.indexOf(partitions[i])] = epochs[i];
            }
            topics.put(topic, new OfTopic(set, new Epochs(sorted)));
        }

        OwnedPartitions build() {
            return new OwnedPartitions(topics);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OwnedPartitions owned && topics.equals(owned.topics);
    }

    @Override
    public int hashCode() {
        return topics.hashCode();
    }

    @Override
    public String toString() {
        return assignment().toString();
    }
}
