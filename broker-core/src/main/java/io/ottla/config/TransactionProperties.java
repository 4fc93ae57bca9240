package io.ottla.config;

import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

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
            900_000, 7 * 24 * 3_600_000L, 10_000, 3_600_000, COMMIT_TIMEOUT_MS, 5 << 20, topic(50, 3, 2, 100 << 20));

    /** As a broker is configured. */
    static TransactionProperties of(ConfigValues values) {
        return new TransactionProperties(
                values.integer("transaction.max.timeout.ms"),
                values.integer("transactional.id.expiration.ms"),
                values.integer("transaction.abort.timed.out.transaction.cleanup.interval.ms"),
                values.integer("transaction.remove.expired.transaction.cleanup.interval.ms"),
                COMMIT_TIMEOUT_MS,
                values.integer("transaction.state.log.load.buffer.size"),
                topic(
                        values.integer("transaction.state.log.num.partitions"),
                        values.integer("transaction.state.log.replication.factor"),
                        values.integer("transaction.state.log.min.isr"),
                        values.integer("transaction.state.log.segment.bytes")));
    }

    /** What was decided of a transaction must not get lost, whatever may of other topics. */
    private static InternalTopicProperties topic(int partitions, int replicas, int minInSync, int segmentBytes) {
        return new InternalTopicProperties(
                TOPIC,
                partitions,
                (short) replicas,
                segmentBytes,
                Map.of(
                        TopicConfig.COMPRESSION_TYPE_CONFIG, "uncompressed",
                        TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(minInSync),
                        TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false"));
    }
}
