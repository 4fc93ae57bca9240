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
 * @param fetcher how followers fetch
 */
public record ReplicationProperties(
        long replicaLagTimeMaxMs,
        int fetchMaxBytes,
        int maxIncrementalFetchSessionCacheSlots,
        FetcherProperties fetcher) {
    public static final ReplicationProperties DEFAULTS =
            new ReplicationProperties(30_000, 55 * 1024 * 1024, 1000, FetcherProperties.DEFAULTS);

    /** As a broker is configured. */
    static ReplicationProperties of(ConfigValues values) {
        return new ReplicationProperties(
                values.number("replica.lag.time.max.ms"),
                values.integer("fetch.max.bytes"),
                values.integer("max.incremental.fetch.session.cache.slots"),
                FetcherProperties.of(values));
    }
}
