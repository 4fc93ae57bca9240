package io.ottla.config;

/**
 * How long, and of how many producers, a partition remembers where they stand.
 *
 * @param expirationMs {@code producer.id.expiration.ms}: a producer that wrote nothing for so long is forgotten; 1 or more
 * @param expirationCheckIntervalMs {@code producer.id.expiration.check.interval.ms}; 1 or more
 * @param mostPerPartition {@code max.producer.ids.per.partition}: a leader takes no new producer beyond so many; 1 or more
 * @param maxTransactionTimeoutMs {@code transaction.max.timeout.ms}: what is open for much longer hangs; 1 or more
 */
public record ProducerStateProperties(
        int expirationMs, int expirationCheckIntervalMs, int mostPerPartition, int maxTransactionTimeoutMs) {
    public static final ProducerStateProperties DEFAULTS =
            new ProducerStateProperties(86_400_000, 600_000, 100_000, 900_000);

    /** As a broker is configured. */
    static ProducerStateProperties of(ConfigValues values) {
        return new ProducerStateProperties(
                values.integer("producer.id.expiration.ms"),
                values.integer("producer.id.expiration.check.interval.ms"),
                values.integer("max.producer.ids.per.partition"),
                values.integer("transaction.max.timeout.ms"));
    }
}
