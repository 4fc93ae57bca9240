package io.ottla.api;

import io.ottla.coordinator.group.GroupCoordinator;
import io.ottla.coordinator.group.GroupOffsets;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.TopicImage;
import io.ottla.types.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponsePartition;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Commits a group's offsets, of partitions that exist; topics are named by id since version 10. */
final class OffsetCommitHandler implements ApiHandler<OffsetCommitRequestData, OffsetCommitResponseData> {
    private static final short FIRST_WITH_TOPIC_IDS = 10;

    private final GroupCoordinator coordinator;
    private final GroupAccess access;
    private final Supplier<ClusterImage> image;
    private final ApiSpec<OffsetCommitRequestData, OffsetCommitResponseData> spec =
            ApiSpec.of(ApiKeys.OFFSET_COMMIT, GroupOffsets::commitRefused, OffsetCommitResponseData::setThrottleTimeMs);

    OffsetCommitHandler(GroupCoordinator coordinator, GroupAccess access, Supplier<ClusterImage> image) {
        this.coordinator = coordinator;
        this.access = access;
        this.image = image;
    }

    @Override
    public ApiSpec<OffsetCommitRequestData, OffsetCommitResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<OffsetCommitResponseData> handle(RequestContext context, OffsetCommitRequestData request) {
        if (!access.reads(context, request.groupId())) {
            return Reply.of(GroupOffsets.commitRefused(request, Errors.GROUP_AUTHORIZATION_FAILED));
        }
        OffsetCommitResponseData refused = new OffsetCommitResponseData();
        List<OffsetCommitRequestTopic> allowed =
                new ArrayList<>(request.topics().size());
        ClusterImage now = image.get();
        for (OffsetCommitRequestTopic topic : request.topics()) {
            OffsetCommitRequestTopic good = check(context, now, topic, refused);
            if (good != null) {
                allowed.add(good);
            }
        }
        if (allowed.isEmpty()) {
            return Reply.of(refused);
        }
        Reply<OffsetCommitResponseData> reply = Reply.later();
        coordinator
                .offsets()
                .commit(
                        request.setTopics(allowed),
                        context.apiVersion(),
                        answer -> reply.complete(merge(refused, answer)));
        return reply;
    }

    /** The topic with those of its partitions that exist; null where that is none. */
    private OffsetCommitRequestTopic check(
            RequestContext context,
            ClusterImage now,
            OffsetCommitRequestTopic topic,
            OffsetCommitResponseData refused) {
        TopicImage known;
        if (context.apiVersion() >= FIRST_WITH_TOPIC_IDS) {
            known = now.topic(TopicId.of(topic.topicId()));
            if (known == null) {
                return refuse(refused, topic, Errors.UNKNOWN_TOPIC_ID);
            }
            topic.setName(known.name());
        } else {
            topic.setTopicId(Uuid.ZERO_UUID);
            known = now.topic(topic.name());
        }
        if (!access.readsTopic(context, topic.name())) {
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
