package io.ottla.console.clusters;

/**
 * What a broker carries.
 *
 * @param leaders partitions that it leads
 * @param replicas partitions that it holds a replica of, led or followed
 * @param outOfSync those of its replicas that are not in sync
 */
public record BrokerLoad(int leaders, int replicas, int outOfSync) {
    public static final BrokerLoad NONE = new BrokerLoad(0, 0, 0);

    /** Of a broker of which nothing is known yet. */
    public static final BrokerLoad UNKNOWN = new BrokerLoad(-1, -1, -1);
}
