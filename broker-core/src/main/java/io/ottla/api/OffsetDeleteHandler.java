package io.ottla.api;

import io.ottla.coordinator.group.GroupCoordinator;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponsePartition;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Deletes a group's offsets (KIP-496). */
final class OffsetDeleteHandler implements ApiHandler<OffsetDeleteRequestData, OffsetDeleteResponseData> {
    private final GroupCoordinator coordinator;
    private final GroupAccess access;
    private final Supplier<ClusterImage> image;
    private final ApiSpec<OffsetDeleteRequestData, OffsetDeleteResponseData> spec = ApiSpec.of(
            ApiKeys.OFFSET_DELETE, (request, error) -> refusing(error), OffsetDeleteResponseData::setThrottleTimeMs);

    OffsetDeleteHandler(GroupCoordinator coordinator, GroupAccess access, Supplier<ClusterImage> image) {
        this.coordinator = coordinator;
        this.access = access;
        this.image = image;
    }

    @Override
    public ApiSpec<OffsetDeleteRequestData, OffsetDeleteResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<OffsetDeleteResponseData> handle(RequestContext context, OffsetDeleteRequestData request) {
        if (!access.deletes(context, request.groupId())) {
            return Reply.of(refusing(Errors.GROUP_AUTHORIZATION_FAILED));
        }
        OffsetDeleteResponseData refused = new OffsetDeleteResponseData();
        OffsetDeleteRequestTopicCollection allowed = new OffsetDeleteRequestTopicCollection();
        ClusterImage now = image.get();
        for (OffsetDeleteRequestTopic topic : request.topics()) {
            TopicImage known = now.topic(topic.name());
            if (!access.readsTopic(context, topic.name())) {
                refuse(refused, topic.name(), topic.partitions(), Errors.TOPIC_AUTHORIZATION_FAILED);
                continue;
            }
            List<OffsetDeleteRequestPartition> good = new ArrayList<>();
            List<OffsetDeleteRequestPartition> unknown = new ArrayList<>();
            for (OffsetDeleteRequestPartition partition : topic.partitions()) {
                boolean exists = known != null && known.partition(partition.partitionIndex()) != null;
                (exists ? good : unknown).add(partition);
            }
            refuse(refused, topic.name(), unknown, Errors.UNKNOWN_TOPIC_OR_PARTITION);
            if (!good.isEmpty()) {
                allowed.add(new OffsetDeleteRequestTopic().setName(topic.name()).setPartitions(good));
            }
        }
        Reply<OffsetDeleteResponseData> reply = Reply.later();
        OffsetDeleteRequestData checked =
                new OffsetDeleteRequestData().setGroupId(request.groupId()).setTopics(allowed);
        coordinator.offsets().delete(checked, answer -> reply.complete(merge(refused, answer)));
        return reply;
    }

    private static void refuse(
            OffsetDeleteResponseData refused,
            String topic,
            List<OffsetDeleteRequestPartition> partitions,
            Errors error) {
        if (partitions.isEmpty()) {
            return;
        }
        OffsetDeleteResponseTopic answered = new OffsetDeleteResponseTopic().setName(topic);
        for (OffsetDeleteRequestPartition partition : partitions) {
            answered.partitions()
                    .add(new OffsetDeleteResponsePartition()
                            .setPartitionIndex(partition.partitionIndex())
                            .setErrorCode(error.code()));
        }
        refused.topics().add(answered);
    }

    private static OffsetDeleteResponseData merge(OffsetDeleteResponseData refused, OffsetDeleteResponseData answer) {
        if (answer.errorCode() != Errors.NONE.code()) {
            return answer;
        }
        for (OffsetDeleteResponseTopic topic : answer.topics()) {
            OffsetDeleteResponseTopic same = refused.topics().find(topic.name());
            if (same == null) {
                refused.topics().add(topic.duplicate());
            } else {
                topic.partitions().forEach(partition -> same.partitions().add(partition.duplicate()));
            }
        }
        return refused;
    }

    private static OffsetDeleteResponseData refusing(Errors error) {
        return new OffsetDeleteResponseData().setErrorCode(error.code());
    }
}
