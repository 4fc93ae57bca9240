package io.ottla.api;

import io.ottla.coordinator.transaction.TransactionCoordinator;
import io.ottla.peer.ProducerIds;
import io.ottla.security.Authorizer;
import io.ottla.types.ProducerIdAndEpoch;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Gives a producer its id: an idempotent one from this broker's stock, a transactional one by the coordinator of its
 * transactional id, which ends what was left open under it (KIP-98, KIP-360).
 */
final class InitProducerIdHandler implements ApiHandler<InitProducerIdRequestData, InitProducerIdResponseData> {
    private static final long NO_ID = -1;
    private static final short NO_EPOCH = -1;
    private static final short FIRST_WITH_FENCED = 4;

    private final ProducerIds ids;
    private final TransactionCoordinator coordinator;
    private final TransactionAccess access;
    private final Authorizer authorizer;
    private final ApiSpec<InitProducerIdRequestData, InitProducerIdResponseData> spec = ApiSpec.of(
            ApiKeys.INIT_PRODUCER_ID, (_, error) -> refusing(error), InitProducerIdResponseData::setThrottleTimeMs);

    InitProducerIdHandler(ProducerIds ids, TransactionCoordinator coordinator, Authorizer authorizer) {
        this.ids = ids;
        this.coordinator = coordinator;
        this.access = new TransactionAccess(authorizer);
        this.authorizer = authorizer;
    }

    @Override
    public ApiSpec<InitProducerIdRequestData, InitProducerIdResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<InitProducerIdResponseData> handle(RequestContext context, InitProducerIdRequestData request) {
        Errors refusal = refusal(context, request);
        if (refusal != Errors.NONE) {
            return Reply.of(refusing(refusal));
        }
        Reply<InitProducerIdResponseData> reply = Reply.later();
        if (request.transactionalId() == null) {
            ids.next()
                    .whenComplete((id, error) -> reply.complete(
                            error == null
                                    ? told(new ProducerIdAndEpoch(id, (short) 0))
                                    : refusing(Errors.COORDINATOR_LOAD_IN_PROGRESS)));
        } else {
            coordinator.init(
                    request.transactionalId(),
                    new ProducerIdAndEpoch(request.producerId(), request.producerEpoch()),
                    request.transactionTimeoutMs(),
                    answer -> reply.complete(
                            answer.error() == Errors.NONE
                                    ? told(answer.producer())
                                    : refusing(TransactionAccess.told(answer.error(), context, FIRST_WITH_FENCED))));
        }
        return reply;
    }

    private Errors refusal(RequestContext context, InitProducerIdRequestData request) {
        String transactionalId = request.transactionalId();
        if (transactionalId != null && transactionalId.isEmpty()) {
            return Errors.INVALID_REQUEST;
        }
        if (transactionalId != null && !access.writes(context, transactionalId)) {
            return Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
        }
        if (transactionalId == null && !isIdempotentWriter(context)) {
            return Errors.CLUSTER_AUTHORIZATION_FAILED;
        }
        boolean half = (request.producerId() == NO_ID) != (request.producerEpoch() == NO_EPOCH);
        return half ? Errors.INVALID_REQUEST : Errors.NONE;
    }

    private boolean isIdempotentWriter(RequestContext context) {
        return authorizer.allows(
                        context.caller(), AclOperation.IDEMPOTENT_WRITE, ResourceType.CLUSTER, Authorizer.CLUSTER_NAME)
                || authorizer.allowsAny(context.caller(), AclOperation.WRITE, ResourceType.TOPIC);
    }

    private static InitProducerIdResponseData told(ProducerIdAndEpoch producer) {
        return new InitProducerIdResponseData().setProducerId(producer.id()).setProducerEpoch(producer.epoch());
    }

    private static InitProducerIdResponseData refusing(Errors error) {
        return new InitProducerIdResponseData()
                .setErrorCode(error.code())
                .setProducerId(NO_ID)
                .setProducerEpoch(NO_EPOCH);
    }
}
