package io.ottla.config;

import io.ottla.record.BatchRules;
import io.ottla.record.Codec;
import java.util.List;

/**
 * A topic's configuration, complete: every value is set on the topic, or comes from the broker's default for it.
 * Names, units and ranges are Kafka's ({@code org.apache.kafka.common.config.TopicConfig}); -1 means "no limit" where
 * Kafka says so. Made by {@code TopicConfigs}.
 *
 * @param maxDecompressedMessageBytes how large a record of a compressed batch may be, bytes, once decompressed
 * @param compressionLevel level for the topic's own codec where {@code compressionType} names one
 * @param messageTimestampBeforeMaxMs how much older than the broker's clock a record's timestamp may be
 * @param messageTimestampAfterMaxMs how much newer
 */
public record TopicProperties(
        int segmentBytes,
        long segmentMs,
        long segmentJitterMs,
        int segmentIndexBytes,
        int indexIntervalBytes,
        long retentionBytes,
        long retentionMs,
        long flushMessages,
        long flushMs,
        long fileDeleteDelayMs,
        int maxMessageBytes,
        int maxDecompressedMessageBytes,
        TimestampType messageTimestampType,
        long messageTimestampBeforeMaxMs,
        long messageTimestampAfterMaxMs,
        CompressionType compressionType,
        int compressionLevel,
        int minInSyncReplicas,
        boolean uncleanLeaderElectionEnable,
        boolean preallocate,
        boolean delete,
        boolean compact,
        double minCleanableDirtyRatio,
        long minCompactionLagMs,
        long maxCompactionLagMs,
        long deleteRetentionMs,
        List<String> leaderReplicationThrottledReplicas,
        List<String> followerReplicationThrottledReplicas) {

    /** Who sets a record's timestamp. */
    public enum TimestampType {
        CREATE_TIME,
        LOG_APPEND_TIME
    }

    /** In which codec records are kept. */
    public enum CompressionType {
        /** As the producer sent them. */
        PRODUCER,
        UNCOMPRESSED,
        GZIP,
        SNAPPY,
        LZ4,
        ZSTD
    }

    /** Kafka 3.9's defaults; the starting point of tests. */
    public static final TopicProperties DEFAULTS = new TopicProperties(
            1 << 30,
            7L * 24 * 3600 * 1000,
            0,
            10 << 20,
            4096,
            -1,
            7L * 24 * 3600 * 1000,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            60_000,
            1_048_588,
            Integer.MAX_VALUE,
            TimestampType.CREATE_TIME,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            CompressionType.PRODUCER,
            0,
            1,
            false,
            false,
            true,
            false,
            0.5,
            0,
            Long.MAX_VALUE,
            24L * 3600 * 1000,
            List.of(),
            List.of());

    /** What this asks of produced batches; make it once and keep it. */
    public BatchRules batchRules() {
        return new BatchRules(
                maxMessageBytes,
                segmentBytes,
                messageTimestampType == TimestampType.LOG_APPEND_TIME,
                messageTimestampBeforeMaxMs,
                messageTimestampAfterMaxMs,
                codec(),
                compressionLevel,
                compact,
                maxDecompressedMessageBytes);
    }

    private Codec codec() {
        return switch (compressionType) {
            case PRODUCER -> null;
            case UNCOMPRESSED -> Codec.NONE;
            case GZIP -> Codec.GZIP;
            case SNAPPY -> Codec.SNAPPY;
            case LZ4 -> Codec.LZ4;
            case ZSTD -> Codec.ZSTD;
        };
    }
}
