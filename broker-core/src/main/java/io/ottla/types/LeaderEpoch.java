package io.ottla.types;

/**
 * The generation of a partition's leadership; each new leader gets a larger one (KIP-101).
 *
 * @param value 0 or more; -1 is {@link #NONE}
 */
public record LeaderEpoch(int value) implements Comparable<LeaderEpoch> {
    /** Not known, as in requests of clients that predate leader epochs. */
    public static final LeaderEpoch NONE = new LeaderEpoch(-1);

    public LeaderEpoch next() {
        return new LeaderEpoch(value + 1);
    }

    @Override
    public int compareTo(LeaderEpoch other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
