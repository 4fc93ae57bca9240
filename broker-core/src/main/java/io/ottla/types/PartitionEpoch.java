package io.ottla.types;

/**
 * The version of a partition's state; every change of leader or in-sync set raises it. In ZooKeeper it is the
 * version of the partition's {@code state} node (KIP-497).
 */
public record PartitionEpoch(int value) implements Comparable<PartitionEpoch> {
    @Override
    public int compareTo(PartitionEpoch other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
