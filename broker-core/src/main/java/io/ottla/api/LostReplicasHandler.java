package io.ottla.api;

import io.ottla.peer.ControllerProposals;
import io.ottla.protocol.LostReplicasRequest;
import io.ottla.protocol.LostReplicasResponse;
import io.ottla.protocol.OwnApi;
import io.ottla.types.Failure;
import java.util.Optional;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Replicas that other brokers have lost, where this one is the controller (KIP-112). */
public final class LostReplicasHandler implements ApiHandler<LostReplicasRequest, LostReplicasResponse> {
    private static final Logger LOG = LoggerFactory.getLogger(LostReplicasHandler.class);

    private final ApiSpec<LostReplicasRequest, LostReplicasResponse> spec =
            ApiSpec.of(OwnApi.LOST_REPLICAS, (request, error) -> refusing(Failure.of(error)));
    private final ControllerProposals controller;

    public LostReplicasHandler(ControllerProposals controller) {
        this.controller = controller;
    }

    @Override
    public ApiSpec<LostReplicasRequest, LostReplicasResponse> spec() {
        return spec;
    }

    @Override
    public Reply<LostReplicasResponse> handle(RequestContext context, LostReplicasRequest request) {
        Reply<LostReplicasResponse> reply = Reply.later();
        controller.replicasLost(LostReplicasMessages.lost(request)).whenComplete((failure, broken) -> {
            if (broken == null) {
                reply.complete(answer(failure));
            } else {
                LOG.error("Lost replicas could not be taken in", broken);
                reply.complete(refusing(Failure.of(Errors.UNKNOWN_SERVER_ERROR)));
            }
        });
        return reply;
    }

    private static LostReplicasResponse answer(Optional<Failure> failure) {
        return failure.map(LostReplicasHandler::refusing).orElseGet(LostReplicasResponse::new);
    }

    private static LostReplicasResponse refusing(Failure failure) {
        return new LostReplicasResponse(failure.error().code(), failure.text());
    }
}
