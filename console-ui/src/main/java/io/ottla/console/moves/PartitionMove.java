package io.ottla.console.moves;

import java.util.List;
import org.apache.kafka.common.TopicPartition;

/**
 * What changes of a partition.
 *
 * @param before its replicas now, in order
 * @param after its replicas then, in order; other than before
 * @param bytes its size; 0 where unknown
 */
public record PartitionMove(TopicPartition partition, List<Integer> before, List<Integer> after, long bytes) {
    /** Brokers that get a replica. */
    public List<Integer> added() {
        return after.stream().filter(broker -> !before.contains(broker)).toList();
    }

    /** Brokers that lose theirs. */
    public List<Integer> removed() {
        return before.stream().filter(broker -> !after.contains(broker)).toList();
    }

    /** The preferred leader changes. */
    public boolean leaderChanges() {
        return !before.getFirst().equals(after.getFirst());
    }

    /** The same brokers in another order: nothing is copied or removed. */
    public boolean onlyOrder() {
        return before.size() == after.size() && before.containsAll(after);
    }

    /** Each broker that gets a replica copies all of it. */
    public long bytesToCopy() {
        return onlyOrder() ? 0 : bytes * added().size();
    }
}
