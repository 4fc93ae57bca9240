package io.ottla.api;

import io.ottla.peer.InSyncProposals;
import io.ottla.peer.InSyncResult;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** In-sync sets that leaders on other brokers propose, where this one is the controller (KIP-497, KIP-704, KIP-903). */
public final class AlterPartitionHandler implements ApiHandler<AlterPartitionRequestData, AlterPartitionResponseData> {
    private static final Logger LOG = LoggerFactory.getLogger(AlterPartitionHandler.class);

    /** Refusals that are the whole request's. */
    private static final Set<Errors> WHOLE = Set.of(Errors.NOT_CONTROLLER, Errors.STALE_BROKER_EPOCH);

    private final ApiSpec<AlterPartitionRequestData, AlterPartitionResponseData> spec = ApiSpec.of(
                    ApiKeys.ALTER_PARTITION,
                    (AlterPartitionRequestData request, Errors error) -> refusing(error),
                    AlterPartitionResponseData::setThrottleTimeMs)
            .demanding(AclOperation.CLUSTER_ACTION)
            .amongBrokers();
    private final InSyncProposals controller;

    public AlterPartitionHandler(InSyncProposals controller) {
        this.controller = controller;
    }

    @Override
    public ApiSpec<AlterPartitionRequestData, AlterPartitionResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<AlterPartitionResponseData> handle(RequestContext context, AlterPartitionRequestData request) {
        Reply<AlterPartitionResponseData> reply = Reply.later();
        controller
                .propose(AlterPartitionMessages.proposal(request, context.apiVersion()))
                .whenComplete((results, failure) -> {
                    if (failure == null) {
                        reply.complete(answer(request, results));
                    } else {
                        LOG.error("Proposed in-sync sets could not be decided", failure);
                        reply.complete(refusing(Errors.UNKNOWN_SERVER_ERROR));
                    }
                });
        return reply;
    }

    private static AlterPartitionResponseData answer(AlterPartitionRequestData request, List<InSyncResult> results) {
        Errors common = common(results);
        return WHOLE.contains(common) ? refusing(common) : AlterPartitionMessages.answer(request, results);
    }

    /** The error that all results have; none where they differ, or there are none. */
    private static Errors common(List<InSyncResult> results) {
        Errors common = Errors.NONE;
        for (InSyncResult result : results) {
            Errors error = result instanceof InSyncResult.Refused refused
                    ? refused.failure().error()
                    : Errors.NONE;
            if (error == Errors.NONE || common != Errors.NONE && common != error) {
                return Errors.NONE;
            }
            common = error;
        }
        return common;
    }

    private static AlterPartitionResponseData refusing(Errors error) {
        return new AlterPartitionResponseData().setErrorCode(error.code());
    }
}
