package io.ottla.api;

import io.ottla.controller.TopicNames;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.security.Authorizer;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponsePartition;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Describes topics in order of their names, some partitions at a time; a cursor says where to go on (KIP-966). No topic
 * named means all that the caller may see.
 */
final class DescribeTopicPartitionsHandler
        implements ApiHandler<DescribeTopicPartitionsRequestData, DescribeTopicPartitionsResponseData> {
    private final ApiSpec<DescribeTopicPartitionsRequestData, DescribeTopicPartitionsResponseData> spec = ApiSpec.of(
            ApiKeys.DESCRIBE_TOPIC_PARTITIONS,
            DescribeTopicPartitionsHandler::refusing,
            (answer, throttleMs) -> answer.setThrottleTimeMs(throttleMs));
    private final Supplier<ClusterImage> image;
    private final Authorizer authorizer;
    private final int partitionsPerAnswer;

    /** @param partitionsPerAnswer in one answer at most, whatever the client asks for; 1 or more */
    DescribeTopicPartitionsHandler(Supplier<ClusterImage> image, Authorizer authorizer, int partitionsPerAnswer) {
        this.image = image;
        this.authorizer = authorizer;
        this.partitionsPerAnswer = partitionsPerAnswer;
    }

    @Override
    public ApiSpec<DescribeTopicPartitionsRequestData, DescribeTopicPartitionsResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<DescribeTopicPartitionsResponseData> handle(
            RequestContext context, DescribeTopicPartitionsRequestData request) {
        ClusterImage now = image.get();
        boolean all = request.topics().isEmpty();
        NavigableSet<String> names = new TreeSet<>();
        if (all) {
            names.addAll(now.topics().keySet());
        } else {
            request.topics().forEach(topic -> names.add(topic.name()));
        }
        String first = "";
        int firstPartition = 0;
        if (request.cursor() != null) {
            first = request.cursor().topicName();
            firstPartition = request.cursor().partitionIndex();
            if (firstPartition < 0 || !all && !names.contains(first)) {
                return Reply.of(refusing(request, Errors.INVALID_REQUEST));
            }
        }
        DescribeTopicPartitionsResponseData answer = new DescribeTopicPartitionsResponseData();
        int room = Math.max(1, Math.min(request.responsePartitionLimit(), partitionsPerAnswer));
        for (String name : names.tailSet(first, true)) {
            int from = name.equals(first) ? firstPartition : 0;
            TopicImage topic = present(now, name);
            Errors error = error(context, name, topic);
            if (error != Errors.NONE) {
                if (!all) {
                    answer.topics().add(failed(context, name, error));
                }
                continue;
            }
            if (room == 0) {
                answer.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(from));
                break;
            }
            List<DescribeTopicPartitionsResponsePartition> partitions = partitions(now, topic, from, room, context);
            room -= partitions.size();
            answer.topics().add(described(context, topic, partitions));
            int next = from + partitions.size();
            if (next < topic.partitions().size()) {
                answer.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(next));
                break;
            }
        }
        return Reply.of(answer);
    }

    private static TopicImage present(ClusterImage now, String name) {
        TopicImage topic = now.topic(name);
        return topic == null || topic.deleting() ? null : topic;
    }

    private Errors error(RequestContext context, String name, TopicImage topic) {
        if (!authorizer.allows(context.caller(), AclOperation.DESCRIBE, ResourceType.TOPIC, name)) {
            return Errors.TOPIC_AUTHORIZATION_FAILED;
        }
        if (topic == null) {
            return TopicNames.isLegal(name) ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.INVALID_TOPIC_EXCEPTION;
        }
        return Errors.NONE;
    }

    private static List<DescribeTopicPartitionsResponsePartition> partitions(
            ClusterImage now, TopicImage topic, int from, int most, RequestContext context) {
        List<DescribeTopicPartitionsResponsePartition> partitions = new ArrayList<>();
        int end = (int) Math.min(topic.partitions().size(), (long) from + most);
        for (int number = from; number < end; number++) {
            PartitionImage partition = topic.partitions().get(number);
            PartitionView view = PartitionView.of(now, partition, context.listener(), true);
            partitions.add(new DescribeTopicPartitionsResponsePartition()
                    .setErrorCode(view.error().code())
                    .setPartitionIndex(number)
                    .setLeaderId(view.leader())
                    .setLeaderEpoch(partition.leaderEpoch().value())
                    .setReplicaNodes(view.replicas())
                    .setIsrNodes(view.inSync())
                    .setEligibleLeaderReplicas(PartitionView.ids(partition.eligible()))
                    .setLastKnownElr(
                            partition.lastKnownLeader().isNone()
                                    ? List.of()
                                    : List.of(partition.lastKnownLeader().value()))
                    .setOfflineReplicas(view.offline()));
        }
        return partitions;
    }

    private DescribeTopicPartitionsResponseTopic described(
            RequestContext context, TopicImage topic, List<DescribeTopicPartitionsResponsePartition> partitions) {
        return new DescribeTopicPartitionsResponseTopic()
                .setName(topic.name())
                .setTopicId(topic.id().uuid())
                .setIsInternal(TopicNames.isInternal(topic.name()))
                .setPartitions(partitions)
                .setTopicAuthorizedOperations(AuthorizedOperations.onTopic(authorizer, context.caller(), topic.name()));
    }

    /** Who may not describe a topic learns nothing of what else they may do. */
    private DescribeTopicPartitionsResponseTopic failed(RequestContext context, String name, Errors error) {
        DescribeTopicPartitionsResponseTopic topic = new DescribeTopicPartitionsResponseTopic()
                .setErrorCode(error.code())
                .setName(name)
                .setIsInternal(TopicNames.isInternal(name));
        return error == Errors.TOPIC_AUTHORIZATION_FAILED
                ? topic
                : topic.setTopicAuthorizedOperations(AuthorizedOperations.onTopic(authorizer, context.caller(), name));
    }

    private static DescribeTopicPartitionsResponseData refusing(
            DescribeTopicPartitionsRequestData request, Errors error) {
        DescribeTopicPartitionsResponseData answer = new DescribeTopicPartitionsResponseData();
        for (TopicRequest topic : request.topics()) {
            answer.topics()
                    .add(new DescribeTopicPartitionsResponseTopic()
                            .setErrorCode(error.code())
                            .setName(topic.name()));
        }
        return answer;
    }
}
