package io.ottla.api;

import io.ottla.coordinator.group.GroupCoordinator;
import io.ottla.coordinator.group.GroupOffsets;
import io.ottla.coordinator.transaction.TransactionMembership;
import io.ottla.coordinator.transaction.TransactionMembership.Wish;
import io.ottla.metadata.ClusterImage;
import io.ottla.types.ProducerIdAndEpoch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData.TxnOffsetCommitResponsePartition;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData.TxnOffsetCommitResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Commits a group's offsets with a producer's transaction (KIP-98, KIP-447, KIP-890). */
final class TxnOffsetCommitHandler implements ApiHandler<TxnOffsetCommitRequestData, TxnOffsetCommitResponseData> {
    private static final short FIRST_WITH_ABORTABLE = 4;
    private static final short FIRST_WITH_ADDING = 5;
    private static final short FIRST_WITH_TOPIC_IDS = 6;

    private final GroupCoordinator coordinator;
    private final TransactionMembership membership;
    private final GroupAccess groups;
    private final TransactionAccess access;
    private final Supplier<ClusterImage> image;
    private final ApiSpec<TxnOffsetCommitRequestData, TxnOffsetCommitResponseData> spec = ApiSpec.of(
            ApiKeys.TXN_OFFSET_COMMIT,
            TxnOffsetCommitHandler::refusing,
            TxnOffsetCommitResponseData::setThrottleTimeMs);

    TxnOffsetCommitHandler(
            GroupCoordinator coordinator,
            TransactionMembership membership,
            GroupAccess groups,
            Supplier<ClusterImage> image) {
        this.coordinator = coordinator;
        this.membership = membership;
        this.groups = groups;
        this.access = new TransactionAccess(groups.authorizer());
        this.image = image;
    }

    @Override
    public ApiSpec<TxnOffsetCommitRequestData, TxnOffsetCommitResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<TxnOffsetCommitResponseData> handle(RequestContext context, TxnOffsetCommitRequestData request) {
        if (!access.writes(context, request.transactionalId())) {
            return Reply.of(refusing(request, Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED));
        }
        if (!groups.reads(context, request.groupId())) {
            return Reply.of(refusing(request, Errors.GROUP_AUTHORIZATION_FAILED));
        }
        short version = context.apiVersion();
        CommittableOffsets checked = CommittableOffsets.of(
                plain(request),
                version >= FIRST_WITH_TOPIC_IDS,
                image.get(),
                topic -> groups.readsTopic(context, topic));
        if (checked.isEmpty()) {
            return Reply.of(told(checked.refused(), version));
        }
        ProducerIdAndEpoch producer = new ProducerIdAndEpoch(request.producerId(), request.producerEpoch());
        boolean adds = version >= FIRST_WITH_ADDING;
        Reply<TxnOffsetCommitResponseData> reply = Reply.later();
        coordinator
                .offsets()
                .commitInTransaction(
                        checked.request(),
                        producer,
                        adds,
                        membership.of(request.transactionalId(), producer, adds ? Wish.ADD : Wish.VERIFY),
                        answer -> reply.complete(told(checked.with(answer), version)));
        return reply;
    }

    /** The same as a commit outside of transactions has it. */
    private static OffsetCommitRequestData plain(TxnOffsetCommitRequestData request) {
        OffsetCommitRequestData plain = new OffsetCommitRequestData()
                .setGroupId(request.groupId())
                .setMemberId(request.memberId())
                .setGroupInstanceId(request.groupInstanceId())
                .setGenerationIdOrMemberEpoch(request.generationIdOrMemberEpoch());
        for (TxnOffsetCommitRequestTopic topic : request.topics()) {
            List<OffsetCommitRequestPartition> partitions =
                    new ArrayList<>(topic.partitions().size());
            for (TxnOffsetCommitRequestPartition partition : topic.partitions()) {
                partitions.add(new OffsetCommitRequestPartition()
                        .setPartitionIndex(partition.partitionIndex())
                        .setCommittedOffset(partition.committedOffset())
                        .setCommittedLeaderEpoch(partition.committedLeaderEpoch())
                        .setCommittedMetadata(partition.committedMetadata()));
            }
            plain.topics()
                    .add(new OffsetCommitRequestTopic()
                            .setName(topic.name())
                            .setTopicId(topic.topicId())
                            .setPartitions(partitions));
        }
        return plain;
    }

    private static TxnOffsetCommitResponseData told(OffsetCommitResponseData plain, short version) {
        TxnOffsetCommitResponseData told = new TxnOffsetCommitResponseData();
        for (var topic : plain.topics()) {
            TxnOffsetCommitResponseTopic answered =
                    new TxnOffsetCommitResponseTopic().setName(topic.name()).setTopicId(topic.topicId());
            for (var partition : topic.partitions()) {
                answered.partitions()
                        .add(new TxnOffsetCommitResponsePartition()
                                .setPartitionIndex(partition.partitionIndex())
                                .setErrorCode(told(Errors.forCode(partition.errorCode()), version)
                                        .code()));
            }
            told.topics().add(answered);
        }
        return told;
    }

    /** What the transaction's coordinator says reaches the client by a group's coordinator, which it asks again later. */
    private static Errors told(Errors error, short version) {
        return switch (error) {
            case PRODUCER_FENCED -> Errors.INVALID_PRODUCER_EPOCH;
            case TRANSACTION_ABORTABLE -> version < FIRST_WITH_ABORTABLE ? Errors.INVALID_TXN_STATE : error;
            case CONCURRENT_TRANSACTIONS, NETWORK_EXCEPTION -> Errors.COORDINATOR_LOAD_IN_PROGRESS;
            default -> error;
        };
    }

    private static TxnOffsetCommitResponseData refusing(TxnOffsetCommitRequestData request, Errors error) {
        return told(GroupOffsets.commitRefused(plain(request), error), Short.MAX_VALUE);
    }
}
