package io.ottla.config;

/**
 * How partitions are served and replicated.
 *
 * @param replicaLagTimeMaxMs {@code replica.lag.time.max.ms}: a follower that has not caught up for so long leaves the
 *     in-sync set; milliseconds, 1 or more
 * @param fetchMaxBytes {@code fetch.max.bytes}: no fetch answer holds more, but for one batch that is larger; bytes, 1024
 *     or more
 * @param maxIncrementalFetchSessionCacheSlots {@code max.incremental.fetch.session.cache.slots}: fetch sessions that are
 *     kept; 0 or more
 * @param readsByRack {@code replica.selector.class}: whether consumers are sent to a replica in their rack
 * @param fetcher how followers fetch
 * @param throttles what they may move of throttled replicas
 */
public record ReplicationProperties(
        long replicaLagTimeMaxMs,
        int fetchMaxBytes,
        int maxIncrementalFetchSessionCacheSlots,
        boolean readsByRack,
        FetcherProperties fetcher,
        ThrottleProperties throttles) {
    /** Kafka's selector by rack, the only one that there is but for the leader's. */
    static final String BY_RACK = "org.apache.kafka.common.replica.RackAwareReplicaSelector";

    static final String LEADER = "org.apache.kafka.common.replica.LeaderSelector";

    public static final ReplicationProperties DEFAULTS = new ReplicationProperties(
            30_000, 55 * 1024 * 1024, 1000, false, FetcherProperties.DEFAULTS, ThrottleProperties.DEFAULTS);

    /** As a broker is configured. */
    static ReplicationProperties of(ConfigValues values) {
        return new ReplicationProperties(
                values.number("replica.lag.time.max.ms"),
                values.integer("fetch.max.bytes"),
                values.integer("max.incremental.fetch.session.cache.slots"),
                BY_RACK.equals(values.get("replica.selector.class")),
                FetcherProperties.of(values),
                ThrottleProperties.of(values));
    }
}
