package io.ottla.config;

/**
 * How followers fetch.
 *
 * @param fetchers {@code num.replica.fetchers}: connections to each other broker that fetch from it; 1 or more
 * @param minBytes {@code replica.fetch.min.bytes}: a fetch waits at the leader for so many
 * @param waitMaxMs {@code replica.fetch.wait.max.ms}: and so long at most
 * @param maxBytes {@code replica.fetch.max.bytes}: of one partition in an answer, but for one batch that is larger
 * @param responseMaxBytes {@code replica.fetch.response.max.bytes}: of an answer, likewise
 * @param backoffMs {@code replica.fetch.backoff.ms}: how long a partition is left alone that can't be fetched
 * @param timeoutMs {@code replica.socket.timeout.ms}: how long an answer may take
 */
public record FetcherProperties(
        int fetchers, int minBytes, int waitMaxMs, int maxBytes, int responseMaxBytes, long backoffMs, long timeoutMs) {
    public static final FetcherProperties DEFAULTS = new FetcherProperties(1, 1, 500, 1 << 20, 10 << 20, 1000, 30_000);

    /** As a broker is configured. */
    static FetcherProperties of(ConfigValues values) {
        return new FetcherProperties(
                values.integer("num.replica.fetchers"),
                values.integer("replica.fetch.min.bytes"),
                values.integer("replica.fetch.wait.max.ms"),
                values.integer("replica.fetch.max.bytes"),
                values.integer("replica.fetch.response.max.bytes"),
                values.integer("replica.fetch.backoff.ms"),
                values.integer("replica.socket.timeout.ms"));
    }
}
