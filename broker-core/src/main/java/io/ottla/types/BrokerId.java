package io.ottla.types;

/**
 * A broker's number in the cluster, {@code broker.id} in Kafka's configuration.
 *
 * @param value 0 or more; -1 is {@link #NONE}
 */
public record BrokerId(int value) implements Comparable<BrokerId> {
    /** No broker: a partition without leader, a request that comes from a client. */
    public static final BrokerId NONE = new BrokerId(-1);

    public boolean isNone() {
        return value < 0;
    }

    @Override
    public int compareTo(BrokerId other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
