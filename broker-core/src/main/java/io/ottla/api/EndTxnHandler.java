package io.ottla.api;

import io.ottla.coordinator.transaction.ProducerAnswer;
import io.ottla.coordinator.transaction.TransactionCoordinator;
import io.ottla.storage.AppendOrigin;
import io.ottla.types.ProducerIdAndEpoch;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Commits or aborts a producer's transaction (KIP-98); since version 5 it has another epoch then (KIP-890). */
final class EndTxnHandler implements ApiHandler<EndTxnRequestData, EndTxnResponseData> {
    private static final short FIRST_WITH_FENCED = 2;
    private static final short FIRST_WITH_EPOCHS = 5;

    private final TransactionCoordinator coordinator;
    private final TransactionAccess access;
    private final ApiSpec<EndTxnRequestData, EndTxnResponseData> spec =
            ApiSpec.of(ApiKeys.END_TXN, (_, error) -> refusing(error), EndTxnResponseData::setThrottleTimeMs);

    EndTxnHandler(TransactionCoordinator coordinator, TransactionAccess access) {
        this.coordinator = coordinator;
        this.access = access;
    }

    @Override
    public ApiSpec<EndTxnRequestData, EndTxnResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<EndTxnResponseData> handle(RequestContext context, EndTxnRequestData request) {
        if (!access.writes(context, request.transactionalId())) {
            return Reply.of(refusing(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED));
        }
        Reply<EndTxnResponseData> reply = Reply.later();
        coordinator.end(
                request.transactionalId(),
                new ProducerIdAndEpoch(request.producerId(), request.producerEpoch()),
                request.committed(),
                context.apiVersion() >= FIRST_WITH_EPOCHS ? AppendOrigin.Coordinator.WITH_EPOCHS : 0,
                answer -> reply.complete(answer(context, answer)));
        return reply;
    }

    private static EndTxnResponseData answer(RequestContext context, ProducerAnswer answer) {
        EndTxnResponseData told = refusing(TransactionAccess.told(answer.error(), context, FIRST_WITH_FENCED));
        return answer.error() == Errors.NONE && context.apiVersion() >= FIRST_WITH_EPOCHS
                ? told.setProducerId(answer.producer().id())
                        .setProducerEpoch(answer.producer().epoch())
                : told;
    }

    private static EndTxnResponseData refusing(Errors error) {
        return new EndTxnResponseData().setErrorCode(error.code());
    }
}
