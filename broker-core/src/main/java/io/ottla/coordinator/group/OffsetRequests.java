package io.ottla.coordinator.group;

import io.ottla.config.GroupProperties;
import io.ottla.types.TopicId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponsePartition;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponsePartition;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponseTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.Errors;

/** What is asked of groups' offsets. Reads the table and says what is to be stored; changes nothing itself. */
final class OffsetRequests {
    /** What stands for an offset where there is none. */
    static final long NO_OFFSET = -1;
    /** A request that says so leaves retention to the broker. */
    private static final long BROKERS_RETENTION = -1;

    private static final int MAX_STORED_TEXT_BYTES = Short.MAX_VALUE;

    private final OffsetTable offsets;
    private final GroupProperties properties;
    private final GroupMeter meter;

    OffsetRequests(OffsetTable offsets, GroupProperties properties, GroupMeter meter) {
        this.offsets = offsets;
        this.properties = properties;
        this.meter = meter;
    }

    /** Says for each partition whether its offset can be kept, and adds the records of those that can. */
    OffsetCommitResponseData commit(OffsetCommitRequestData request, long nowMs, List<GroupRecord> records) {
        OffsetCommitResponseData response = new OffsetCommitResponseData();
        long expiresMs = request.retentionTimeMs() == BROKERS_RETENTION
                ? CommittedOffset.NONE
                : nowMs + request.retentionTimeMs();
        for (OffsetCommitRequestTopic topic : request.topics()) {
            List<OffsetCommitResponsePartition> answered =
                    new ArrayList<>(topic.partitions().size());
            for (OffsetCommitRequestPartition partition : topic.partitions()) {
                String text = partition.committedMetadata() == null ? "" : partition.committedMetadata();
                Errors error = Errors.NONE;
                if (isTooLong(text)) {
                    error = Errors.OFFSET_METADATA_TOO_LARGE;
                } else {
                    records.add(new GroupRecord.OffsetSet(
                            request.groupId(),
                            topic.name(),
                            partition.partitionIndex(),
                            new CommittedOffset(
                                    partition.committedOffset(),
                                    partition.committedLeaderEpoch(),
                                    text,
                                    nowMs,
                                    expiresMs,
                                    TopicId.of(topic.topicId()))));
                }
                answered.add(new OffsetCommitResponsePartition()
                        .setPartitionIndex(partition.partitionIndex())
                        .setErrorCode(error.code()));
            }
            response.topics()
                    .add(new OffsetCommitResponseTopic()
                            .setName(topic.name())
                            .setTopicId(topic.topicId())
                            .setPartitions(answered));
        }
        meter.committed(records.size());
        return response;
    }

    /** The bytes matter only where the setting lets texts be so long that a record could not hold them. */
    private boolean isTooLong(String text) {
        return text.length() > properties.offsetMetadataMaxBytes()
                || text.length() > MAX_STORED_TEXT_BYTES / 3
                        && text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > MAX_STORED_TEXT_BYTES;
    }

    /** What a group has committed. */
    OffsetFetchResponseGroup fetch(OffsetFetchRequestGroup request, boolean requireStable) {
        OffsetFetchResponseGroup response = new OffsetFetchResponseGroup().setGroupId(request.groupId());
        if (request.topics() == null) {
            return response.setTopics(fetchAll(request.groupId(), requireStable));
        }
        List<OffsetFetchResponseTopics> topics =
                new ArrayList<>(request.topics().size());
        for (OffsetFetchRequestTopics topic : request.topics()) {
            List<OffsetFetchResponsePartitions> answered =
                    new ArrayList<>(topic.partitionIndexes().size());
            for (int partition : topic.partitionIndexes()) {
                CommittedOffset offset = offsets.get(request.groupId(), topic.name(), partition);
                if (offset != null && isOfAnother(offset, TopicId.of(topic.topicId()))) {
                    offset = null;
                }
                answered.add(answer(request.groupId(), topic.name(), partition, offset, requireStable));
            }
            topics.add(new OffsetFetchResponseTopics()
                    .setName(topic.name())
                    .setTopicId(topic.topicId())
                    .setPartitions(answered));
        }
        return response.setTopics(topics);
    }

    /** Committed for a topic of the same name that was deleted since. */
    private static boolean isOfAnother(CommittedOffset offset, TopicId asked) {
        return !asked.isZero()
                && !offset.topicId().isZero()
                && !offset.topicId().equals(asked);
    }

    private List<OffsetFetchResponseTopics> fetchAll(String group, boolean requireStable) {
        Map<String, OffsetFetchResponseTopics> topics = new HashMap<>();
        OffsetTable.Visitor visitor = (topic, partition, offset) -> topics.computeIfAbsent(
                        topic, name -> new OffsetFetchResponseTopics().setName(name))
                .partitions()
                .add(answer(group, topic, partition, offset, requireStable));
        offsets.each(group, visitor);
        if (requireStable) {
            offsets.eachOnlyPending(group, visitor);
        }
        return new ArrayList<>(topics.values());
    }

    private OffsetFetchResponsePartitions answer(
            String group, String topic, int partition, CommittedOffset offset, boolean requireStable) {
        if (requireStable && offsets.isPending(group, topic, partition)) {
            return nothing(partition, Errors.UNSTABLE_OFFSET_COMMIT);
        }
        if (offset == null) {
            return nothing(partition, Errors.NONE);
        }
        return new OffsetFetchResponsePartitions()
                .setPartitionIndex(partition)
                .setCommittedOffset(offset.offset())
                .setCommittedLeaderEpoch(offset.leaderEpoch())
                .setMetadata(offset.metadata());
    }

    static OffsetFetchResponsePartitions nothing(int partition, Errors error) {
        return new OffsetFetchResponsePartitions()
                .setPartitionIndex(partition)
                .setCommittedOffset(NO_OFFSET)
                .setCommittedLeaderEpoch(CommittedOffset.NONE)
                .setMetadata("")
                .setErrorCode(error.code());
    }

    /** Deletes offsets, but not of topics that somebody reads. */
    OffsetDeleteResponseData delete(Group group, OffsetDeleteRequestData request, List<GroupRecord> records) {
        OffsetDeleteResponseData response = new OffsetDeleteResponseData();
        for (var topic : request.topics()) {
            boolean isRead = group.isSubscribedTo(topic.name());
            OffsetDeleteResponseTopic answered = new OffsetDeleteResponseTopic().setName(topic.name());
            for (var partition : topic.partitions()) {
                int number = partition.partitionIndex();
                answered.partitions()
                        .add(new OffsetDeleteResponsePartition()
                                .setPartitionIndex(number)
                                .setErrorCode((isRead ? Errors.GROUP_SUBSCRIBED_TO_TOPIC : Errors.NONE).code()));
                if (!isRead
                        && (offsets.get(group.id(), topic.name(), number) != null
                                || offsets.isPending(group.id(), topic.name(), number))) {
                    records.add(new GroupRecord.OffsetGone(group.id(), topic.name(), number));
                }
            }
            response.topics().add(answered);
        }
        meter.deleted(records.size());
        return response;
    }

    /** Adds what makes all offsets of a group forgotten. */
    void forget(String group, List<GroupRecord> records) {
        int before = records.size();
        offsets.eachOrPending(
                group, (topic, partition, _) -> records.add(new GroupRecord.OffsetGone(group, topic, partition)));
        meter.deleted(records.size() - before);
    }

    /** Adds what makes a group's offsets of topics forgotten. */
    void forgetTopics(String group, Set<String> topics, List<GroupRecord> records) {
        offsets.eachOrPending(group, (topic, partition, _) -> {
            if (topics.contains(topic)) {
                records.add(new GroupRecord.OffsetGone(group, topic, partition));
            }
        });
    }

    /**
     * Adds what makes a group's offsets forgotten whose retention is over.
     *
     * @return whether none is left
     */
    boolean expire(Group group, long nowMs, List<GroupRecord> records) {
        int before = records.size();
        boolean[] left = {offsets.hasPending(group.id())};
        offsets.each(group.id(), (topic, partition, offset) -> {
            if (!offsets.isPending(group.id(), topic, partition)
                    && !group.isSubscribedTo(topic)
                    && isOver(group, offset, nowMs)) {
                records.add(new GroupRecord.OffsetGone(group.id(), topic, partition));
            } else {
                left[0] = true;
            }
        });
        meter.expired(records.size() - before);
        return !left[0];
    }

    private boolean isOver(Group group, CommittedOffset offset, long nowMs) {
        long fromMs = group.retentionBeginsMs(offset);
        if (fromMs == Long.MAX_VALUE) {
            return false;
        }
        return offset.expireTimestampMs() >= 0
                ? nowMs >= offset.expireTimestampMs()
                : nowMs - fromMs >= properties.offsetsRetentionMs();
    }
}
