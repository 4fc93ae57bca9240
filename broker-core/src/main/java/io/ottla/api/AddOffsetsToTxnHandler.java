package io.ottla.api;

import io.ottla.coordinator.Shards;
import io.ottla.coordinator.transaction.TransactionCoordinator;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.TopicImage;
import io.ottla.types.ProducerIdAndEpoch;
import io.ottla.types.TopicPartition;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Adds the partition that keeps a group's offsets to a producer's transaction (KIP-98). */
final class AddOffsetsToTxnHandler implements ApiHandler<AddOffsetsToTxnRequestData, AddOffsetsToTxnResponseData> {
    private static final short FIRST_WITH_FENCED = 2;

    private final TransactionCoordinator coordinator;
    private final TransactionAccess access;
    private final Supplier<ClusterImage> image;
    private final TopicAutoCreation creation;
    private final ApiSpec<AddOffsetsToTxnRequestData, AddOffsetsToTxnResponseData> spec = ApiSpec.of(
            ApiKeys.ADD_OFFSETS_TO_TXN, (_, error) -> refusing(error), AddOffsetsToTxnResponseData::setThrottleTimeMs);

    /** @param creation of the topic with groups' offsets, where there is none yet */
    AddOffsetsToTxnHandler(
            TransactionCoordinator coordinator,
            TransactionAccess access,
            Supplier<ClusterImage> image,
            TopicAutoCreation creation) {
        this.creation = creation;
        this.coordinator = coordinator;
        this.access = access;
        this.image = image;
    }

    @Override
    public ApiSpec<AddOffsetsToTxnRequestData, AddOffsetsToTxnResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<AddOffsetsToTxnResponseData> handle(RequestContext context, AddOffsetsToTxnRequestData request) {
        if (!access.writes(context, request.transactionalId())) {
            return Reply.of(refusing(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED));
        }
        if (!access.readsGroup(context, request.groupId())) {
            return Reply.of(refusing(Errors.GROUP_AUTHORIZATION_FAILED));
        }
        String name = CoordinatorDirectory.Kind.GROUP.topic();
        TopicImage topic = image.get().topic(name);
        if (topic == null) {
            creation.askInternal(name);
            return Reply.of(refusing(Errors.COORDINATOR_NOT_AVAILABLE));
        }
        Reply<AddOffsetsToTxnResponseData> reply = Reply.later();
        int partition = Shards.partitionOf(request.groupId(), topic.partitions().size());
        coordinator.add(
                request.transactionalId(),
                new ProducerIdAndEpoch(request.producerId(), request.producerEpoch()),
                List.of(new TopicPartition(name, partition)),
                0,
                error -> reply.complete(refusing(TransactionAccess.told(error, context, FIRST_WITH_FENCED))));
        return reply;
    }

    private static AddOffsetsToTxnResponseData refusing(Errors error) {
        return new AddOffsetsToTxnResponseData().setErrorCode(error.code());
    }
}
