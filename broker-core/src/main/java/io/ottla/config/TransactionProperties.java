package io.ottla.config;

/**
 * How transactions are coordinated.
 *
 * @param maxTimeoutMs {@code transaction.max.timeout.ms}: the longest that a producer may ask for; milliseconds
 * @param expirationMs {@code transactional.id.expiration.ms}: how long an id without an open transaction is remembered
 * @param timeoutCheckMs {@code transaction.abort.timed.out.transaction.cleanup.interval.ms}
 * @param expirationCheckMs {@code transaction.remove.expired.transaction.cleanup.interval.ms}
 * @param commitTimeoutMs how long what is written may take to be committed
 * @param loadBufferBytes {@code transaction.state.log.load.buffer.size}
 * @param topic how {@code __transaction_state} is made
 */
public record TransactionProperties(
        int maxTimeoutMs,
        long expirationMs,
        long timeoutCheckMs,
        long expirationCheckMs,
        int commitTimeoutMs,
        int loadBufferBytes,
        InternalTopicProperties topic) {
    private static final String TOPIC = "__transaction_state";
    /** As with groups. */
    private static final int COMMIT_TIMEOUT_MS = 5_000;

    public static final TransactionProperties DEFAULTS = new TransactionProperties(
            900_000,
            7 * 24 * 3_600_000L,
            10_000,
            3_600_000,
            COMMIT_TIMEOUT_MS,
            5 << 20,
            new InternalTopicProperties(TOPIC, 50, (short) 3, 100 << 20));

    /** As a broker is configured. */
    static TransactionProperties of(ConfigValues values) {
        return new TransactionProperties(
                values.integer("transaction.max.timeout.ms"),
                values.integer("transactional.id.expiration.ms"),
                values.integer("transaction.abort.timed.out.transaction.cleanup.interval.ms"),
                values.integer("transaction.remove.expired.transaction.cleanup.interval.ms"),
                COMMIT_TIMEOUT_MS,
                values.integer("transaction.state.log.load.buffer.size"),
                new InternalTopicProperties(
                        TOPIC,
                        values.integer("transaction.state.log.num.partitions"),
                        (short) values.integer("transaction.state.log.replication.factor"),
                        values.integer("transaction.state.log.segment.bytes")));
    }
}
