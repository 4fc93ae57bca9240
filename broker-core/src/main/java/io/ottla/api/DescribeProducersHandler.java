package io.ottla.api;

import io.ottla.controller.TopicNames;
import io.ottla.replication.Partition;
import io.ottla.replication.Replicas;
import io.ottla.security.Authorizer;
import io.ottla.storage.ProducerView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.PartitionResponse;
import org.apache.kafka.common.message.DescribeProducersResponseData.ProducerState;
import org.apache.kafka.common.message.DescribeProducersResponseData.TopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Shows who wrote to partitions lately, and which transactions are open (KIP-664). A partition that is named more than once is
 * answered once: there may be very many producers, and a small request must not make an answer that no memory can hold. They are
 * gathered on a worker.
 */
final class DescribeProducersHandler
        implements ApiHandler<DescribeProducersRequestData, DescribeProducersResponseData> {
    private final Replicas replicas;
    private final Authorizer authorizer;
    private final Executor workers;
    private final ApiSpec<DescribeProducersRequestData, DescribeProducersResponseData> spec = ApiSpec.of(
            ApiKeys.DESCRIBE_PRODUCERS,
            DescribeProducersHandler::refusing,
            DescribeProducersResponseData::setThrottleTimeMs);

    DescribeProducersHandler(Replicas replicas, Authorizer authorizer, Executor workers) {
        this.replicas = replicas;
        this.authorizer = authorizer;
        this.workers = workers;
    }

    @Override
    public ApiSpec<DescribeProducersRequestData, DescribeProducersResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<DescribeProducersResponseData> handle(RequestContext context, DescribeProducersRequestData request) {
        Reply<DescribeProducersResponseData> reply = Reply.later();
        workers.execute(() -> reply.complete(describe(context, request)));
        return reply;
    }

    private DescribeProducersResponseData describe(RequestContext context, DescribeProducersRequestData request) {
        List<TopicResponse> topics = new ArrayList<>(request.topics().size());
        for (Map.Entry<String, Set<Integer>> topic : wanted(request).entrySet()) {
            boolean allowed =
                    authorizer.allows(context.caller(), AclOperation.READ, ResourceType.TOPIC, topic.getKey());
            List<PartitionResponse> partitions =
                    new ArrayList<>(topic.getValue().size());
            for (int partition : topic.getValue()) {
                partitions.add(
                        allowed
                                ? describe(topic.getKey(), partition)
                                : refused(partition, Errors.TOPIC_AUTHORIZATION_FAILED));
            }
            topics.add(new TopicResponse().setName(topic.getKey()).setPartitions(partitions));
        }
        return new DescribeProducersResponseData().setTopics(topics);
    }

    private static Map<String, Set<Integer>> wanted(DescribeProducersRequestData request) {
        Map<String, Set<Integer>> wanted = new LinkedHashMap<>();
        for (TopicRequest topic : request.topics()) {
            wanted.computeIfAbsent(topic.name(), _ -> new LinkedHashSet<>()).addAll(topic.partitionIndexes());
        }
        return wanted;
    }

    private PartitionResponse describe(String topic, int number) {
        Partition partition = replicas.partition(topic, number);
        if (partition == null) {
            boolean legal = TopicNames.isLegal(topic);
            return refused(number, legal ? replicas.absence(topic, number).error() : Errors.INVALID_TOPIC_EXCEPTION);
        }
        List<ProducerView> producers = partition.activeProducers();
        if (producers == null) {
            return refused(number, partition.role().refusal().error());
        }
        List<ProducerState> shown = new ArrayList<>(producers.size());
        for (ProducerView producer : producers) {
            shown.add(new ProducerState()
                    .setProducerId(producer.producerId())
                    .setProducerEpoch(producer.producerEpoch())
                    .setLastSequence(producer.lastSequence())
                    .setLastTimestamp(producer.lastTimestamp())
                    .setCoordinatorEpoch(producer.coordinatorEpoch())
                    .setCurrentTxnStartOffset(producer.currentTransactionStartOffset()));
        }
        return new PartitionResponse().setPartitionIndex(number).setActiveProducers(shown);
    }

    private static PartitionResponse refused(int partition, Errors error) {
        return new PartitionResponse()
                .setPartitionIndex(partition)
                .setErrorCode(error.code())
                .setErrorMessage(error.message());
    }

    private static DescribeProducersResponseData refusing(DescribeProducersRequestData request, Errors error) {
        List<TopicResponse> topics = new ArrayList<>();
        for (TopicRequest topic : request.topics()) {
            List<PartitionResponse> partitions = new ArrayList<>();
            for (int partition : topic.partitionIndexes()) {
                partitions.add(refused(partition, error));
            }
            topics.add(new TopicResponse().setName(topic.name()).setPartitions(partitions));
        }
        return new DescribeProducersResponseData().setTopics(topics);
    }
}
