package io.ottla.api;

import com.google.re2j.Pattern;
import io.ottla.coordinator.RegexRules;
import io.ottla.coordinator.transaction.TransactionCoordinator;
import io.ottla.coordinator.transaction.TransactionDirectory;
import java.util.HashSet;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Lists the transactional ids that this broker coordinates (KIP-664, KIP-994, KIP-1152). */
final class ListTransactionsHandler implements ApiHandler<ListTransactionsRequestData, ListTransactionsResponseData> {
    private final TransactionCoordinator coordinator;
    private final TransactionAccess access;
    private final Executor workers;
    private final ApiSpec<ListTransactionsRequestData, ListTransactionsResponseData> spec = ApiSpec.of(
            ApiKeys.LIST_TRANSACTIONS, (_, error) -> refusing(error), ListTransactionsResponseData::setThrottleTimeMs);

    ListTransactionsHandler(TransactionCoordinator coordinator, TransactionAccess access, Executor workers) {
        this.coordinator = coordinator;
        this.access = access;
        this.workers = workers;
    }

    @Override
    public ApiSpec<ListTransactionsRequestData, ListTransactionsResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<ListTransactionsResponseData> handle(RequestContext context, ListTransactionsRequestData request) {
        Reply<ListTransactionsResponseData> reply = Reply.later();
        coordinator
                .transactions()
                .list(
                        new TransactionDirectory.Filter(
                                new HashSet<>(request.stateFilters()),
                                new HashSet<>(request.producerIdFilters()),
                                request.durationFilter()),
                        all -> leaveOut(context, request.transactionalIdPattern(), all, reply));
        return reply;
    }

    /** What the caller may not see, or does not ask for; patterns take their time. */
    private void leaveOut(
            RequestContext context,
            String pattern,
            ListTransactionsResponseData all,
            Reply<ListTransactionsResponseData> reply) {
        try {
            workers.execute(() -> {
                boolean isNamed = pattern != null && !pattern.isEmpty();
                if (isNamed && RegexRules.refusal(pattern) != null) {
                    reply.complete(refusing(Errors.INVALID_REGULAR_EXPRESSION));
                    return;
                }
                Pattern named = isNamed ? Pattern.compile(pattern) : null;
                all.transactionStates()
                        .removeIf(state -> !access.describes(context, state.transactionalId())
                                || named != null
                                        && !named.matcher(state.transactionalId())
                                                .matches());
                reply.complete(all);
            });
        } catch (RejectedExecutionException busy) {
            reply.complete(refusing(Errors.COORDINATOR_LOAD_IN_PROGRESS));
        }
    }

    private static ListTransactionsResponseData refusing(Errors error) {
        return new ListTransactionsResponseData().setErrorCode(error.code());
    }
}
