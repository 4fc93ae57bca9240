package io.ottla.coordinator.group;

import io.ottla.types.TopicId;

/**
 * Up to where a group has read a partition.
 *
 * @param offset of the record to read next
 * @param leaderEpoch of the last record that was read; -1 where the group did not say
 * @param metadata the group's own text, not null
 * @param commitTimestampMs when it was committed
 * @param expireTimestampMs when it is dropped, as OffsetCommit up to version 4 could say; -1 for the broker's rule
 * @param topicId of the topic; {@link TopicId#ZERO} where the commit named the topic only
 */
public record CommittedOffset(
        long offset,
        int leaderEpoch,
        String metadata,
        long commitTimestampMs,
        long expireTimestampMs,
        TopicId topicId) {
    /** For {@code leaderEpoch} and {@code expireTimestampMs}. */
    public static final int NONE = -1;
}
