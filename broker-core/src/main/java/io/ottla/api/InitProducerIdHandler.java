package io.ottla.api;

import io.ottla.peer.ProducerIds;
import io.ottla.security.Authorizer;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Gives an idempotent producer its id (KIP-98). Ids of transactional producers belong to a transaction coordinator; a
 * broker that has none says so.
 */
final class InitProducerIdHandler implements ApiHandler<InitProducerIdRequestData, InitProducerIdResponseData> {
    private static final long NO_ID = -1;
    private static final short NO_EPOCH = -1;

    private final ProducerIds ids;
    private final Authorizer authorizer;
    private final ApiSpec<InitProducerIdRequestData, InitProducerIdResponseData> spec = ApiSpec.of(
            ApiKeys.INIT_PRODUCER_ID, (_, error) -> refusing(error), InitProducerIdResponseData::setThrottleTimeMs);

    InitProducerIdHandler(ProducerIds ids, Authorizer authorizer) {
        this.ids = ids;
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
        ids.next()
                .whenComplete((id, error) -> reply.complete(
                        error == null
                                ? new InitProducerIdResponseData()
                                        .setProducerId(id)
                                        .setProducerEpoch((short) 0)
                                : refusing(Errors.COORDINATOR_LOAD_IN_PROGRESS)));
        return reply;
    }

    private Errors refusal(RequestContext context, InitProducerIdRequestData request) {
        String transactionalId = request.transactionalId();
        if (transactionalId != null) {
            if (transactionalId.isEmpty()) {
                return Errors.INVALID_REQUEST;
            }
            return authorizer.allows(
                            context.caller(), AclOperation.WRITE, ResourceType.TRANSACTIONAL_ID, transactionalId)
                    ? Errors.COORDINATOR_NOT_AVAILABLE
                    : Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
        }
        boolean allowed = authorizer.allows(
                        context.caller(), AclOperation.IDEMPOTENT_WRITE, ResourceType.CLUSTER, Authorizer.CLUSTER_NAME)
                || authorizer.allowsAny(context.caller(), AclOperation.WRITE, ResourceType.TOPIC);
        if (!allowed) {
            return Errors.CLUSTER_AUTHORIZATION_FAILED;
        }
        boolean half = (request.producerId() == NO_ID) != (request.producerEpoch() == NO_EPOCH);
        return half ? Errors.INVALID_REQUEST : Errors.NONE;
    }

    private static InitProducerIdResponseData refusing(Errors error) {
        return new InitProducerIdResponseData()
                .setErrorCode(error.code())
                .setProducerId(NO_ID)
                .setProducerEpoch(NO_EPOCH);
    }
}
