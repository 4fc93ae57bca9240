package io.ottla.api;

import io.ottla.replication.DeletedRecords;
import io.ottla.replication.Partition;
import io.ottla.replication.Replicas;
import io.ottla.security.Authorizer;
import io.ottla.types.Failure;
import java.util.concurrent.Executor;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResultCollection;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResultCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;

/** Moves the start of logs (KIP-107), on a worker since that touches files. */
final class DeleteRecordsHandler implements ApiHandler<DeleteRecordsRequestData, DeleteRecordsResponseData> {
    private final Replicas replicas;
    private final Authorizer authorizer;
    private final Executor workers;
    private final ApiSpec<DeleteRecordsRequestData, DeleteRecordsResponseData> spec = ApiSpec.of(
            ApiKeys.DELETE_RECORDS, DeleteRecordsHandler::refusing, DeleteRecordsResponseData::setThrottleTimeMs);

    DeleteRecordsHandler(Replicas replicas, Authorizer authorizer, Executor workers) {
        this.replicas = replicas;
        this.authorizer = authorizer;
        this.workers = workers;
    }

    @Override
    public ApiSpec<DeleteRecordsRequestData, DeleteRecordsResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<DeleteRecordsResponseData> handle(RequestContext context, DeleteRecordsRequestData request) {
        Reply<DeleteRecordsResponseData> reply = Reply.unordered();
        workers.execute(() -> reply.complete(delete(context, request)));
        return reply;
    }

    private DeleteRecordsResponseData delete(RequestContext context, DeleteRecordsRequestData request) {
        DeleteRecordsTopicResultCollection topics = new DeleteRecordsTopicResultCollection();
        for (DeleteRecordsTopic topic : request.topics()) {
            Errors refusal = refusal(context, topic.name());
            DeleteRecordsPartitionResultCollection partitions = new DeleteRecordsPartitionResultCollection();
            for (DeleteRecordsPartition partition : topic.partitions()) {
                partitions.add(
                        refusal == Errors.NONE
                                ? delete(topic.name(), partition)
                                : result(partition.partitionIndex(), refusal, -1));
            }
            topics.add(new DeleteRecordsTopicResult().setName(topic.name()).setPartitions(partitions));
        }
        return new DeleteRecordsResponseData().setTopics(topics);
    }

    private Errors refusal(RequestContext context, String topic) {
        if (!authorizer.allows(context.caller(), AclOperation.DELETE, ResourceType.TOPIC, topic)) {
            return Errors.TOPIC_AUTHORIZATION_FAILED;
        }
        return Topic.isInternal(topic) ? Errors.INVALID_TOPIC_EXCEPTION : Errors.NONE;
    }

    private DeleteRecordsPartitionResult delete(String topic, DeleteRecordsPartition asked) {
        Partition partition = replicas.partition(topic, asked.partitionIndex());
        if (partition == null) {
            return result(
                    asked.partitionIndex(),
                    replicas.absence(topic, asked.partitionIndex()).error(),
                    -1);
        }
        return switch (partition.deleteRecords(asked.offset())) {
            case DeletedRecords.Deleted(long low) -> result(asked.partitionIndex(), Errors.NONE, low);
            case DeletedRecords.Refused(Failure failure) -> result(asked.partitionIndex(), failure.error(), -1);
        };
    }

    private static DeleteRecordsPartitionResult result(int partition, Errors error, long lowWatermark) {
        return new DeleteRecordsPartitionResult()
                .setPartitionIndex(partition)
                .setErrorCode(error.code())
                .setLowWatermark(lowWatermark);
    }

    private static DeleteRecordsResponseData refusing(DeleteRecordsRequestData request, Errors error) {
        DeleteRecordsTopicResultCollection topics = new DeleteRecordsTopicResultCollection();
        for (DeleteRecordsTopic topic : request.topics()) {
            DeleteRecordsPartitionResultCollection partitions = new DeleteRecordsPartitionResultCollection();
            for (DeleteRecordsPartition partition : topic.partitions()) {
                partitions.add(result(partition.partitionIndex(), error, -1));
            }
            topics.add(new DeleteRecordsTopicResult().setName(topic.name()).setPartitions(partitions));
        }
        return new DeleteRecordsResponseData().setTopics(topics);
    }
}
