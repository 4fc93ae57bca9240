package io.ottla.types;

/** One registration of a broker: the creation zxid of its node under {@code /brokers/ids} (KIP-380). */
public record BrokerEpoch(long value) implements Comparable<BrokerEpoch> {
    /** Not known, as in requests of versions that do not carry it. */
    public static final BrokerEpoch NONE = new BrokerEpoch(-1);

    @Override
    public int compareTo(BrokerEpoch other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
