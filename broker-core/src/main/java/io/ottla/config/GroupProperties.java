package io.ottla.config;

import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/**
 * How groups are coordinated.
 *
 * @param minSessionTimeoutMs {@code group.min.session.timeout.ms}, of members of classic groups; milliseconds
 * @param maxSessionTimeoutMs {@code group.max.session.timeout.ms}; milliseconds
 * @param initialRebalanceDelayMs {@code group.initial.rebalance.delay.ms}: how long an empty classic group waits for
 *     more members; milliseconds, 0 or more
 * @param maxSize {@code group.max.size}: members of a classic group; 1 or more
 * @param newMemberTimeoutMs how long somebody who has never heard of its membership is kept; Kafka's is a constant;
 *     milliseconds
 * @param offsetMetadataMaxBytes {@code offset.metadata.max.bytes}: characters of text that accompany an offset
 * @param offsetsRetentionMs {@code offsets.retention.minutes}, in milliseconds
 * @param offsetsRetentionCheckIntervalMs {@code offsets.retention.check.interval.ms}
 * @param commitTimeoutMs {@code offsets.commit.timeout.ms}: how long what is written may take to be committed
 * @param loadBufferBytes {@code offsets.load.buffer.size}
 * @param codec {@code offsets.topic.compression.codec}: the number of a record batch's codec
 * @param topic how {@code __consumer_offsets} is made
 * @param consumer groups of the consumer protocol
 */
public record GroupProperties(
        int minSessionTimeoutMs,
        int maxSessionTimeoutMs,
        int initialRebalanceDelayMs,
        int maxSize,
        int newMemberTimeoutMs,
        int offsetMetadataMaxBytes,
        long offsetsRetentionMs,
        long offsetsRetentionCheckIntervalMs,
        int commitTimeoutMs,
        int loadBufferBytes,
        int codec,
        InternalTopicProperties topic,
        ConsumerProtocolProperties consumer) {
    /** Kafka's, for a member that waits for its first answer. */
    static final int NEW_MEMBER_TIMEOUT_MS = 5 * 60_000;

    public static final GroupProperties DEFAULTS = new GroupProperties(
            6_000,
            1_800_000,
            3_000,
            Integer.MAX_VALUE,
            NEW_MEMBER_TIMEOUT_MS,
            4096,
            7 * 24 * 3_600_000L,
            600_000,
            5_000,
            5 << 20,
            0,
            topic(50, 3, 100 << 20),
            ConsumerProtocolProperties.DEFAULTS);

    /** As a broker is configured. */
    static GroupProperties of(ConfigValues values) {
        return new GroupProperties(
                values.integer("group.min.session.timeout.ms"),
                values.integer("group.max.session.timeout.ms"),
                values.integer("group.initial.rebalance.delay.ms"),
                values.integer("group.max.size"),
                NEW_MEMBER_TIMEOUT_MS,
                values.integer("offset.metadata.max.bytes"),
                values.integer("offsets.retention.minutes") * 60_000L,
                values.number("offsets.retention.check.interval.ms"),
                values.integer("offsets.commit.timeout.ms"),
                values.integer("offsets.load.buffer.size"),
                values.integer("offsets.topic.compression.codec"),
                topic(
                        values.integer("offsets.topic.num.partitions"),
                        values.integer("offsets.topic.replication.factor"),
                        values.integer("offsets.topic.segment.bytes")),
                ConsumerProtocolProperties.of(values));
    }

    private static InternalTopicProperties topic(int partitions, int replicas, int segmentBytes) {
        return new InternalTopicProperties(
                "__consumer_offsets",
                partitions,
                (short) replicas,
                segmentBytes,
                Map.of(TopicConfig.COMPRESSION_TYPE_CONFIG, "producer"));
    }
}
