package io.ottla.api;

import io.ottla.controller.TopicNames;
import io.ottla.replication.DeletedRecords;
import io.ottla.replication.Partition;
import io.ottla.replication.Replicas;
import io.ottla.security.Authorizer;
import io.ottla.time.Timer;
import io.ottla.types.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.kafka.common.acl.AclOperation;
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

/**
 * Moves the start of logs (KIP-107), on a worker, and answers when that is on disk and all live replicas have done it, or the
 * request's time is up.
 */
final class DeleteRecordsHandler implements ApiHandler<DeleteRecordsRequestData, DeleteRecordsResponseData> {
    private static final DeletedRecords LATE = new DeletedRecords.Refused(Failure.of(Errors.REQUEST_TIMED_OUT));

    private final Replicas replicas;
    private final Authorizer authorizer;
    private final Timer timer;
    private final Executor workers;
    private final ApiSpec<DeleteRecordsRequestData, DeleteRecordsResponseData> spec = ApiSpec.of(
            ApiKeys.DELETE_RECORDS, DeleteRecordsHandler::refusing, DeleteRecordsResponseData::setThrottleTimeMs);

    DeleteRecordsHandler(Replicas replicas, Authorizer authorizer, Timer timer, Executor workers) {
        this.replicas = replicas;
        this.authorizer = authorizer;
        this.timer = timer;
        this.workers = workers;
    }

    @Override
    public ApiSpec<DeleteRecordsRequestData, DeleteRecordsResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<DeleteRecordsResponseData> handle(RequestContext context, DeleteRecordsRequestData request) {
        Reply<DeleteRecordsResponseData> reply = Reply.unordered();
        workers.execute(() -> delete(context, request, reply));
        return reply;
    }

    private void delete(
            RequestContext context, DeleteRecordsRequestData request, Reply<DeleteRecordsResponseData> reply) {
        List<CompletableFuture<DeletedRecords>> deletions = new ArrayList<>();
        List<CompletableFuture<Void>> told = new ArrayList<>();
        DeleteRecordsTopicResultCollection topics = new DeleteRecordsTopicResultCollection();
        for (DeleteRecordsTopic topic : request.topics()) {
            Errors refusal = refusal(context, topic.name());
            DeleteRecordsPartitionResultCollection partitions = new DeleteRecordsPartitionResultCollection();
            for (DeleteRecordsPartition partition : topic.partitions()) {
                DeleteRecordsPartitionResult result = result(partition.partitionIndex(), refusal, -1);
                partitions.add(result);
                if (refusal == Errors.NONE) {
                    CompletableFuture<DeletedRecords> deletion = delete(topic.name(), partition);
                    deletions.add(deletion);
                    told.add(deletion.thenAccept(how -> tell(how, result)));
                }
            }
            topics.add(new DeleteRecordsTopicResult().setName(topic.name()).setPartitions(partitions));
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(told.toArray(CompletableFuture[]::new));
        if (!all.isDone()) {
            Timer.Timeout timeout = timer.schedule(
                    Math.max(0, request.timeoutMs()), () -> deletions.forEach(each -> each.complete(LATE)));
            all.thenRun(timeout::cancel);
        }
        all.thenRun(() -> reply.complete(new DeleteRecordsResponseData().setTopics(topics)));
    }

    private Errors refusal(RequestContext context, String topic) {
        return authorizer.allows(context.caller(), AclOperation.DELETE, ResourceType.TOPIC, topic)
                ? Errors.NONE
                : Errors.TOPIC_AUTHORIZATION_FAILED;
    }

    private CompletableFuture<DeletedRecords> delete(String topic, DeleteRecordsPartition asked) {
        Partition partition = replicas.partition(topic, asked.partitionIndex());
        if (partition == null) {
            return refused(replicas.absence(topic, asked.partitionIndex()));
        }
        return TopicNames.isInternal(topic)
                ? refused(Failure.of(Errors.INVALID_TOPIC_EXCEPTION))
                : partition.deleteRecords(asked.offset());
    }

    private static void tell(DeletedRecords how, DeleteRecordsPartitionResult result) {
        switch (how) {
            case DeletedRecords.Deleted(long low) -> result.setLowWatermark(low);
            case DeletedRecords.Refused(Failure failure) ->
                result.setErrorCode(failure.error().code());
        }
    }

    private static CompletableFuture<DeletedRecords> refused(Failure failure) {
        return CompletableFuture.completedFuture(new DeletedRecords.Refused(failure));
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
