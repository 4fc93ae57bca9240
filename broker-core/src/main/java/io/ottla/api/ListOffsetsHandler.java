package io.ottla.api;

import io.ottla.protocol.legacy.OldListOffsets;
import io.ottla.replication.ListedOffset;
import io.ottla.replication.OffsetLookup;
import io.ottla.replication.Partition;
import io.ottla.replication.ReadLimit;
import io.ottla.replication.Replicas;
import io.ottla.security.Authorizer;
import io.ottla.storage.TimestampOffset;
import io.ottla.types.TopicPartition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Finds offsets by time. Lookups that touch the disk run on the storage room's pool; their local answers never take so
 * long that the request's timeout (version 10, for tiered storage) would matter.
 */
final class ListOffsetsHandler implements ApiHandler<ListOffsetsRequestData, ListOffsetsResponseData> {
    private static final short FIRST_WITH_LEADER_EPOCH = 4;
    private static final short FIRST_WITH_OFFSET_NOT_AVAILABLE = 5;
    private static final byte READ_COMMITTED = 1;

    private final Replicas replicas;
    private final Authorizer authorizer;
    private final ApiSpec<ListOffsetsRequestData, ListOffsetsResponseData> spec = ApiSpec.of(
                    ApiKeys.LIST_OFFSETS, ListOffsetsHandler::refusing, ListOffsetsResponseData::setThrottleTimeMs)
            .versions(OldListOffsets.VERSION, ApiKeys.LIST_OFFSETS.latestVersion());

    ListOffsetsHandler(Replicas replicas, Authorizer authorizer) {
        this.replicas = replicas;
        this.authorizer = authorizer;
    }

    @Override
    public ApiSpec<ListOffsetsRequestData, ListOffsetsResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<ListOffsetsResponseData> handle(RequestContext context, ListOffsetsRequestData request) {
        List<CompletableFuture<?>> lookups = new ArrayList<>();
        List<ListOffsetsTopicResponse> topics = new ArrayList<>(request.topics().size());
        Set<TopicPartition> seen = new HashSet<>();
        Set<TopicPartition> twice = new HashSet<>();
        for (ListOffsetsTopic topic : request.topics()) {
            for (ListOffsetsPartition partition : topic.partitions()) {
                TopicPartition name = new TopicPartition(topic.name(), partition.partitionIndex());
                if (!seen.add(name)) {
                    twice.add(name);
                }
            }
        }
        for (ListOffsetsTopic topic : request.topics()) {
            boolean allowed =
                    authorizer.allows(context.caller(), AclOperation.DESCRIBE, ResourceType.TOPIC, topic.name());
            List<ListOffsetsPartitionResponse> partitions =
                    new ArrayList<>(topic.partitions().size());
            for (ListOffsetsPartition partition : topic.partitions()) {
                ListOffsetsPartitionResponse answer = nothing(partition.partitionIndex(), Errors.NONE);
                partitions.add(answer);
                if (!allowed) {
                    answer.setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code());
                } else if (twice.contains(new TopicPartition(topic.name(), partition.partitionIndex()))) {
                    answer.setErrorCode(Errors.INVALID_REQUEST.code());
                } else if (!isKnown(partition.timestamp(), context.apiVersion())) {
                    answer.setErrorCode(Errors.UNSUPPORTED_VERSION.code());
                } else if (!OldListOffsets.wantsNone(partition)) {
                    lookups.add(look(context, request, topic.name(), partition, answer));
                }
            }
            topics.add(new ListOffsetsTopicResponse().setName(topic.name()).setPartitions(partitions));
        }
        ListOffsetsResponseData response = OldListOffsets.answer().setTopics(topics);
        CompletableFuture<Void> all = CompletableFuture.allOf(lookups.toArray(CompletableFuture[]::new));
        if (all.isDone() && !all.isCompletedExceptionally()) {
            return Reply.of(response);
        }
        Reply<ListOffsetsResponseData> reply = Reply.later();
        all.whenComplete((_, error) ->
                reply.complete(error == null ? response : refusing(request, Errors.UNKNOWN_SERVER_ERROR)));
        return reply;
    }

    private CompletableFuture<?> look(
            RequestContext context,
            ListOffsetsRequestData request,
            String topic,
            ListOffsetsPartition asked,
            ListOffsetsPartitionResponse answer) {
        Partition partition = replicas.partition(topic, asked.partitionIndex());
        if (partition == null) {
            answer.setErrorCode(
                    replicas.absence(topic, asked.partitionIndex()).error().code());
            return CompletableFuture.completedFuture(null);
        }
        short version = context.apiVersion();
        return OffsetLookup.find(partition, asked.timestamp(), limit(request), asked.currentLeaderEpoch())
                .thenAccept(listed -> {
                    fill(answer, listed, version);
                    if (version == OldListOffsets.VERSION && answer.errorCode() == 0 && answer.offset() < 0) {
                        // Nothing is so late: what version 0 means is where to begin to miss nothing from then on.
                        answer.setOffset(partition.highWatermark());
                    }
                })
                .toCompletableFuture();
    }

    /** Brokers, and tools that look behind the scenes (-2), see everything. */
    private static ReadLimit limit(ListOffsetsRequestData request) {
        if (request.replicaId() != -1) {
            return ReadLimit.LOG_END;
        }
        return request.isolationLevel() == READ_COMMITTED ? ReadLimit.LAST_STABLE : ReadLimit.HIGH_WATERMARK;
    }

    private static void fill(ListOffsetsPartitionResponse answer, ListedOffset listed, short version) {
        switch (listed) {
            case ListedOffset.Listed(TimestampOffset place) -> {
                answer.setTimestamp(place.timestamp()).setOffset(place.offset());
                if (version >= FIRST_WITH_LEADER_EPOCH) {
                    answer.setLeaderEpoch(place.epoch().value());
                }
            }
            case ListedOffset.Refused refused -> {
                Errors error = refused.failure().error();
                boolean translated = error == Errors.OFFSET_NOT_AVAILABLE && version < FIRST_WITH_OFFSET_NOT_AVAILABLE;
                answer.setErrorCode((translated ? Errors.LEADER_NOT_AVAILABLE : error).code());
            }
        }
    }

    /** Which specials a version knows: KIP-734 (7), KIP-405 (8), KIP-1005 (9), KIP-1023 (11). */
    private static boolean isKnown(long timestamp, short version) {
        if (timestamp >= OffsetLookup.EARLIEST) {
            return true;
        }
        if (timestamp == OffsetLookup.MAX_TIMESTAMP) {
            return version >= 7;
        }
        if (timestamp == OffsetLookup.EARLIEST_LOCAL) {
            return version >= 8;
        }
        if (timestamp == OffsetLookup.LATEST_TIERED) {
            return version >= 9;
        }
        return timestamp == OffsetLookup.EARLIEST_PENDING_UPLOAD && version >= 11;
    }

    private static ListOffsetsPartitionResponse nothing(int partition, Errors error) {
        return new ListOffsetsPartitionResponse()
                .setPartitionIndex(partition)
                .setErrorCode(error.code())
                .setTimestamp(-1)
                .setOffset(-1)
                .setLeaderEpoch(-1);
    }

    private static ListOffsetsResponseData refusing(ListOffsetsRequestData request, Errors error) {
        List<ListOffsetsTopicResponse> topics = new ArrayList<>();
        for (ListOffsetsTopic topic : request.topics()) {
            List<ListOffsetsPartitionResponse> partitions = new ArrayList<>();
            for (ListOffsetsPartition partition : topic.partitions()) {
                partitions.add(nothing(partition.partitionIndex(), error));
            }
            topics.add(new ListOffsetsTopicResponse().setName(topic.name()).setPartitions(partitions));
        }
        return OldListOffsets.answer().setTopics(topics);
    }
}
