package io.ottla.api;

import io.ottla.coordinator.transaction.TransactionCoordinator;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TransactionState;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Describes transactional ids that this broker coordinates (KIP-664). */
final class DescribeTransactionsHandler
        implements ApiHandler<DescribeTransactionsRequestData, DescribeTransactionsResponseData> {
    private final TransactionCoordinator coordinator;
    private final TransactionAccess access;
    private final ApiSpec<DescribeTransactionsRequestData, DescribeTransactionsResponseData> spec = ApiSpec.of(
            ApiKeys.DESCRIBE_TRANSACTIONS,
            DescribeTransactionsHandler::refusing,
            DescribeTransactionsResponseData::setThrottleTimeMs);

    DescribeTransactionsHandler(TransactionCoordinator coordinator, TransactionAccess access) {
        this.coordinator = coordinator;
        this.access = access;
    }

    @Override
    public ApiSpec<DescribeTransactionsRequestData, DescribeTransactionsResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<DescribeTransactionsResponseData> handle(
            RequestContext context, DescribeTransactionsRequestData request) {
        DescribeTransactionsResponseData answer = new DescribeTransactionsResponseData();
        List<String> allowed = new ArrayList<>();
        for (String id : new LinkedHashSet<>(request.transactionalIds())) { // named twice, it is answered once
            if (access.describes(context, id)) {
                allowed.add(id);
            } else {
                answer.transactionStates().add(refused(id, Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED));
            }
        }
        Reply<DescribeTransactionsResponseData> reply = Reply.later();
        coordinator.transactions().describe(allowed, described -> {
            for (TransactionState state : described) {
                state.topics().removeIf(topic -> !access.describesTopic(context, topic.topic()));
                answer.transactionStates().add(state);
            }
            reply.complete(answer);
        });
        return reply;
    }

    private static TransactionState refused(String id, Errors error) {
        return new TransactionState().setTransactionalId(id).setErrorCode(error.code());
    }

    private static DescribeTransactionsResponseData refusing(DescribeTransactionsRequestData request, Errors error) {
        DescribeTransactionsResponseData answer = new DescribeTransactionsResponseData();
        request.transactionalIds().forEach(id -> answer.transactionStates().add(refused(id, error)));
        return answer;
    }
}
