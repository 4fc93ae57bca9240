package io.ottla.api;

import io.ottla.replication.FoundEpoch;
import io.ottla.replication.Partition;
import io.ottla.replication.Replicas;
import io.ottla.security.Authorizer;
import io.ottla.types.Failure;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResultCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;

/** Says where leader epochs end, so that readers notice a log that was cut (KIP-101, KIP-279, KIP-320). */
final class OffsetForLeaderEpochHandler
        implements ApiHandler<OffsetForLeaderEpochRequestData, OffsetForLeaderEpochResponseData> {
    private final Replicas replicas;
    private final Authorizer authorizer;
    private final ApiSpec<OffsetForLeaderEpochRequestData, OffsetForLeaderEpochResponseData> spec = ApiSpec.of(
            ApiKeys.OFFSET_FOR_LEADER_EPOCH,
            OffsetForLeaderEpochHandler::refusing,
            OffsetForLeaderEpochResponseData::setThrottleTimeMs);

    OffsetForLeaderEpochHandler(Replicas replicas, Authorizer authorizer) {
        this.replicas = replicas;
        this.authorizer = authorizer;
    }

    @Override
    public ApiSpec<OffsetForLeaderEpochRequestData, OffsetForLeaderEpochResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<OffsetForLeaderEpochResponseData> handle(
            RequestContext context, OffsetForLeaderEpochRequestData request) {
        boolean broker = authorizer.allows(
                context.caller(), AclOperation.CLUSTER_ACTION, ResourceType.CLUSTER, Authorizer.CLUSTER_NAME);
        OffsetForLeaderTopicResultCollection topics =
                new OffsetForLeaderTopicResultCollection(request.topics().size());
        for (OffsetForLeaderTopic topic : request.topics()) {
            boolean allowed = broker
                    || authorizer.allows(context.caller(), AclOperation.DESCRIBE, ResourceType.TOPIC, topic.topic());
            List<EpochEndOffset> partitions = new ArrayList<>(topic.partitions().size());
            for (OffsetForLeaderPartition partition : topic.partitions()) {
                partitions.add(
                        allowed
                                ? find(topic.topic(), partition)
                                : refused(partition.partition(), Errors.TOPIC_AUTHORIZATION_FAILED));
            }
            topics.add(new OffsetForLeaderTopicResult().setTopic(topic.topic()).setPartitions(partitions));
        }
        return Reply.of(new OffsetForLeaderEpochResponseData().setTopics(topics));
    }

    private EpochEndOffset find(String topic, OffsetForLeaderPartition asked) {
        Partition partition = replicas.partition(topic, asked.partition());
        if (partition == null) {
            return refused(
                    asked.partition(),
                    replicas.absence(topic, asked.partition()).error());
        }
        return switch (partition.endOffsetOf(asked.currentLeaderEpoch(), asked.leaderEpoch())) {
            case FoundEpoch.Found found ->
                new EpochEndOffset()
                        .setPartition(asked.partition())
                        .setLeaderEpoch(found.end().epoch().value())
                        .setEndOffset(found.end().endOffset());
            case FoundEpoch.Refused(Failure failure) -> refused(asked.partition(), failure.error());
        };
    }

    private static EpochEndOffset refused(int partition, Errors error) {
        return new EpochEndOffset().setPartition(partition).setErrorCode(error.code());
    }

    private static OffsetForLeaderEpochResponseData refusing(OffsetForLeaderEpochRequestData request, Errors error) {
        OffsetForLeaderTopicResultCollection topics = new OffsetForLeaderTopicResultCollection();
        for (OffsetForLeaderTopic topic : request.topics()) {
            List<EpochEndOffset> partitions = new ArrayList<>();
            for (OffsetForLeaderPartition partition : topic.partitions()) {
                partitions.add(refused(partition.partition(), error));
            }
            topics.add(new OffsetForLeaderTopicResult().setTopic(topic.topic()).setPartitions(partitions));
        }
        return new OffsetForLeaderEpochResponseData().setTopics(topics);
    }
}
