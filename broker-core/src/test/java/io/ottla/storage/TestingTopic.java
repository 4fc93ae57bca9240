package io.ottla.storage;

import io.ottla.config.TopicProperties;

/** Kafka's defaults with what a test changes. */
final class TestingTopic {
    private int segmentBytes = TopicProperties.DEFAULTS.segmentBytes();
    private long segmentMs = TopicProperties.DEFAULTS.segmentMs();
    private long segmentJitterMs = TopicProperties.DEFAULTS.segmentJitterMs();
    private int segmentIndexBytes = TopicProperties.DEFAULTS.segmentIndexBytes();
    private int indexIntervalBytes = TopicProperties.DEFAULTS.indexIntervalBytes();
    private long retentionBytes = TopicProperties.DEFAULTS.retentionBytes();
    private long retentionMs = TopicProperties.DEFAULTS.retentionMs();
    private long flushMessages = TopicProperties.DEFAULTS.flushMessages();
    private long flushMs = TopicProperties.DEFAULTS.flushMs();
    private long fileDeleteDelayMs = TopicProperties.DEFAULTS.fileDeleteDelayMs();
    private int maxDecompressedMessageBytes = TopicProperties.DEFAULTS.maxDecompressedMessageBytes();
    private TopicProperties.TimestampType messageTimestampType = TopicProperties.DEFAULTS.messageTimestampType();
    private boolean preallocate = TopicProperties.DEFAULTS.preallocate();
    private boolean delete = TopicProperties.DEFAULTS.delete();
    private boolean compact = TopicProperties.DEFAULTS.compact();
    private double minCleanableDirtyRatio = TopicProperties.DEFAULTS.minCleanableDirtyRatio();
    private long minCompactionLagMs = TopicProperties.DEFAULTS.minCompactionLagMs();
    private long maxCompactionLagMs = TopicProperties.DEFAULTS.maxCompactionLagMs();
    private long deleteRetentionMs = TopicProperties.DEFAULTS.deleteRetentionMs();

    TestingTopic segmentBytes(int value) {
        segmentBytes = value;
        return this;
    }

    TestingTopic segmentMs(long value) {
        segmentMs = value;
        return this;
    }

    TestingTopic segmentJitterMs(long value) {
        segmentJitterMs = value;
        return this;
    }

    TestingTopic segmentIndexBytes(int value) {
        segmentIndexBytes = value;
        return this;
    }

    TestingTopic indexIntervalBytes(int value) {
        indexIntervalBytes = value;
        return this;
    }

    TestingTopic retentionBytes(long value) {
        retentionBytes = value;
        return this;
    }

    TestingTopic retentionMs(long value) {
        retentionMs = value;
        return this;
    }

    TestingTopic flushMessages(long value) {
        flushMessages = value;
        return this;
    }

    TestingTopic flushMs(long value) {
        flushMs = value;
        return this;
    }

    TestingTopic fileDeleteDelayMs(long value) {
        fileDeleteDelayMs = value;
        return this;
    }

    TestingTopic maxDecompressedMessageBytes(int value) {
        maxDecompressedMessageBytes = value;
        return this;
    }

    TestingTopic messageTimestampType(TopicProperties.TimestampType value) {
        messageTimestampType = value;
        return this;
    }

    TestingTopic preallocate(boolean value) {
        preallocate = value;
        return this;
    }

    TestingTopic delete(boolean value) {
        delete = value;
        return this;
    }

    TestingTopic compact(boolean value) {
        compact = value;
        return this;
    }

    TestingTopic minCleanableDirtyRatio(double value) {
        minCleanableDirtyRatio = value;
        return this;
    }

    TestingTopic minCompactionLagMs(long value) {
        minCompactionLagMs = value;
        return this;
    }

    TestingTopic maxCompactionLagMs(long value) {
        maxCompactionLagMs = value;
        return this;
    }

    TestingTopic deleteRetentionMs(long value) {
        deleteRetentionMs = value;
        return this;
    }

    TopicProperties properties() {
        TopicProperties rest = TopicProperties.DEFAULTS;
        return new TopicProperties(
                segmentBytes,
                segmentMs,
                segmentJitterMs,
                segmentIndexBytes,
                indexIntervalBytes,
                retentionBytes,
                retentionMs,
                flushMessages,
                flushMs,
                fileDeleteDelayMs,
                rest.maxMessageBytes(),
                maxDecompressedMessageBytes,
                messageTimestampType,
                rest.messageTimestampBeforeMaxMs(),
                rest.messageTimestampAfterMaxMs(),
                rest.compressionType(),
                rest.compressionLevel(),
                rest.minInSyncReplicas(),
                rest.uncleanLeaderElectionEnable(),
                preallocate,
                delete,
                compact,
                minCleanableDirtyRatio,
                minCompactionLagMs,
                maxCompactionLagMs,
                deleteRetentionMs,
                rest.leaderReplicationThrottledReplicas(),
                rest.followerReplicationThrottledReplicas());
    }
}
