package io.ottla.api;

import io.ottla.controller.Controller;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.types.BrokerId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData.ListPartitionReassignmentsTopics;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData.OngoingPartitionReassignment;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData.OngoingTopicReassignment;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Tells of moves that run, by what the controller has decided (KIP-455). Partitions that don't move are not named. */
final class ListReassignmentsHandler
        implements ApiHandler<ListPartitionReassignmentsRequestData, ListPartitionReassignmentsResponseData> {
    private final ApiSpec<ListPartitionReassignmentsRequestData, ListPartitionReassignmentsResponseData> spec =
            ApiSpec.of(
                            ApiKeys.LIST_PARTITION_REASSIGNMENTS,
                            (ListPartitionReassignmentsRequestData request, Errors error) -> refusing(error),
                            (ListPartitionReassignmentsResponseData answer, Integer throttleMs) ->
                                    answer.setThrottleTimeMs(throttleMs))
                    .demanding(AclOperation.DESCRIBE)
                    .answeredByController(ListPartitionReassignmentsResponseData::throttleTimeMs);
    private final Controller controller;

    ListReassignmentsHandler(Controller controller) {
        this.controller = controller;
    }

    @Override
    public ApiSpec<ListPartitionReassignmentsRequestData, ListPartitionReassignmentsResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<ListPartitionReassignmentsResponseData> handle(
            RequestContext context, ListPartitionReassignmentsRequestData request) {
        ClusterImage image = controller.image();
        if (image == null) {
            return Reply.of(refusing(Errors.NOT_CONTROLLER));
        }
        List<OngoingTopicReassignment> running = new ArrayList<>();
        if (request.topics() == null) {
            for (TopicImage topic : image.topics().values()) {
                add(
                        running,
                        topic,
                        IntStream.range(0, topic.partitions().size()).boxed().toList());
            }
        } else {
            for (ListPartitionReassignmentsTopics asked : request.topics()) {
                TopicImage topic = image.topic(asked.name());
                if (topic != null) {
                    add(running, topic, asked.partitionIndexes());
                }
            }
        }
        return Reply.of(new ListPartitionReassignmentsResponseData().setTopics(running));
    }

    private static void add(List<OngoingTopicReassignment> running, TopicImage topic, List<Integer> numbers) {
        List<OngoingPartitionReassignment> partitions = new ArrayList<>();
        for (int number : numbers) {
            PartitionImage partition = topic.partition(number);
            boolean moves = partition != null && partition.isMoving();
            if (moves) {
                partitions.add(new OngoingPartitionReassignment()
                        .setPartitionIndex(number)
                        .setReplicas(ids(partition.replicas()))
                        .setAddingReplicas(ids(partition.adding()))
                        .setRemovingReplicas(ids(partition.removing())));
            }
        }
        if (!partitions.isEmpty()) {
            running.add(new OngoingTopicReassignment().setName(topic.name()).setPartitions(partitions));
        }
    }

    private static List<Integer> ids(List<BrokerId> brokers) {
        return brokers.stream().map(BrokerId::value).toList();
    }

    private static ListPartitionReassignmentsResponseData refusing(Errors error) {
        return new ListPartitionReassignmentsResponseData()
                .setErrorCode(error.code())
                .setErrorMessage(error.message());
    }
}
