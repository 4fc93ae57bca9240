package io.ottla.api;

import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.TopicImage;
import io.ottla.types.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponsePartition;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.protocol.Errors;

/**
 * What of a commit may go to the group's coordinator: offsets of partitions that exist, in topics that the caller may read.
 *
 * @param request with nothing else
 * @param refused the answer for all the rest
 */
record CommittableOffsets(OffsetCommitRequestData request, OffsetCommitResponseData refused) {
    /** @param byId whether topics are named by their ids; what is found of them gets its name */
    static CommittableOffsets of(
            OffsetCommitRequestData request, boolean byId, ClusterImage image, Predicate<String> readable) {
        OffsetCommitResponseData refused = new OffsetCommitResponseData();
        List<OffsetCommitRequestTopic> allowed =
                new ArrayList<>(request.topics().size());
        for (OffsetCommitRequestTopic topic : request.topics()) {
            OffsetCommitRequestTopic good = check(byId, image, topic, readable, refused);
            if (good != null) {
                allowed.add(good);
            }
        }
        return new CommittableOffsets(request.setTopics(allowed), refused);
    }

    /** Whether nothing is left to commit. */
    boolean isEmpty() {
        return request.topics().isEmpty();
    }

    /** The whole answer. */
    OffsetCommitResponseData with(OffsetCommitResponseData answer) {
        return merge(refused, answer);
    }

    /** The topic with those of its partitions that exist; null where that is none. */
    private static OffsetCommitRequestTopic check(
            boolean byId,
            ClusterImage now,
            OffsetCommitRequestTopic topic,
            Predicate<String> readable,
            OffsetCommitResponseData refused) {
        TopicImage known;
        if (byId) {
            known = now.topic(TopicId.of(topic.topicId()));
            if (known == null) {
                return refuse(refused, topic, Errors.UNKNOWN_TOPIC_ID);
            }
            topic.setName(known.name());
        } else {
            topic.setTopicId(Uuid.ZERO_UUID);
            known = now.topic(topic.name());
        }
        if (!readable.test(topic.name())) {
            return refuse(refused, topic, Errors.TOPIC_AUTHORIZATION_FAILED);
        }
        if (known == null) {
            return refuse(refused, topic, Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
        List<OffsetCommitRequestPartition> unknown = new ArrayList<>(0);
        for (OffsetCommitRequestPartition partition : topic.partitions()) {
            if (known.partition(partition.partitionIndex()) == null) {
                unknown.add(partition);
            }
        }
        if (!unknown.isEmpty()) {
            refuse(refused, topic.duplicate().setPartitions(unknown), Errors.UNKNOWN_TOPIC_OR_PARTITION);
            List<OffsetCommitRequestPartition> good = new ArrayList<>(topic.partitions());
            good.removeAll(unknown);
            topic.setPartitions(good);
        }
        return topic.partitions().isEmpty() ? null : topic;
    }

    private static OffsetCommitRequestTopic refuse(
            OffsetCommitResponseData refused, OffsetCommitRequestTopic topic, Errors error) {
        OffsetCommitResponseTopic answered =
                new OffsetCommitResponseTopic().setName(topic.name()).setTopicId(topic.topicId());
        for (OffsetCommitRequestPartition partition : topic.partitions()) {
            answered.partitions()
                    .add(new OffsetCommitResponsePartition()
                            .setPartitionIndex(partition.partitionIndex())
                            .setErrorCode(error.code()));
        }
        refused.topics().add(answered);
        return null;
    }

    /** Partitions of one topic stay together. */
    private static OffsetCommitResponseData merge(OffsetCommitResponseData refused, OffsetCommitResponseData answer) {
        if (refused.topics().isEmpty()) {
            return answer;
        }
        for (OffsetCommitResponseTopic topic : answer.topics()) {
            OffsetCommitResponseTopic same = null;
            for (OffsetCommitResponseTopic other : refused.topics()) {
                if (other.name().equals(topic.name()) && other.topicId().equals(topic.topicId())) {
                    same = other;
                }
            }
            if (same == null) {
                refused.topics().add(topic);
            } else {
                same.partitions().addAll(topic.partitions());
            }
        }
        return refused;
    }
}
