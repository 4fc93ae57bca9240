package io.ottla.api;

import io.ottla.protocol.OwnApi;
import io.ottla.protocol.VerdictResponse;
import io.ottla.types.Failure;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What other brokers tell this one, where it is the controller, and what it says to that.
 *
 * @param <Q> the request
 */
final class VerdictHandler<Q extends ApiMessage> implements ApiHandler<Q, VerdictResponse> {
    private static final Logger LOG = LoggerFactory.getLogger(VerdictHandler.class);

    private final OwnApi api;
    private final ApiSpec<Q, VerdictResponse> spec;
    private final Function<Q, CompletionStage<Optional<Failure>>> controller;

    VerdictHandler(OwnApi api, Function<Q, CompletionStage<Optional<Failure>>> controller) {
        this.api = api;
        this.spec = ApiSpec.of(api, (request, error) -> refusing(Failure.of(error)));
        this.controller = controller;
    }

    @Override
    public ApiSpec<Q, VerdictResponse> spec() {
        return spec;
    }

    @Override
    public Reply<VerdictResponse> handle(RequestContext context, Q request) {
        Reply<VerdictResponse> reply = Reply.later();
        controller.apply(request).whenComplete((failure, broken) -> {
            if (broken == null) {
                reply.complete(failure.map(this::refusing).orElseGet(() -> new VerdictResponse(api)));
            } else {
                LOG.error("{} could not be taken in", api.label(), broken);
                reply.complete(refusing(Failure.of(Errors.UNKNOWN_SERVER_ERROR)));
            }
        });
        return reply;
    }

    private VerdictResponse refusing(Failure failure) {
        return new VerdictResponse(api, failure.error().code(), failure.text());
    }
}
