package io.ottla.api;

import io.ottla.metadata.ClusterImage;
import io.ottla.protocol.BoundedReadable;
import io.ottla.protocol.Enveloped;
import io.ottla.protocol.MalformedFrame;
import io.ottla.time.Clock;
import io.ottla.types.Principal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.EnvelopeRequestData;
import org.apache.kafka.common.message.EnvelopeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests that came in at another broker and are for the controller: answered as if their caller had asked here. Only
 * what a controller answers may be forwarded. Source: KIP-590.
 */
public final class EnvelopeHandler implements ApiHandler<EnvelopeRequestData, EnvelopeResponseData> {
    private static final Logger LOG = LoggerFactory.getLogger(EnvelopeHandler.class);
    private static final int EXPANSION = 4;

    private final ApiSpec<EnvelopeRequestData, EnvelopeResponseData> spec = ApiSpec.of(
                    ApiKeys.ENVELOPE,
                    (EnvelopeRequestData request, Errors error) -> refusing(error),
                    (EnvelopeResponseData answer, Integer throttleMs) -> {})
            .demanding(AclOperation.CLUSTER_ACTION)
            .amongBrokers();
    private final ApiRegistry answered;
    private final RequestDispatcher dispatcher;
    private final DeposedAnswers deposed;
    private final Supplier<ClusterImage> decided;
    private final Clock clock;

    /**
     * @param handlers of all that a controller answers
     * @param dispatcher brings requests to these handlers
     * @param decided the cluster as this controller last published it; null where this broker is not the controller
     */
    public EnvelopeHandler(
            List<? extends ApiHandler<?, ?>> handlers,
            RequestDispatcher dispatcher,
            Supplier<ClusterImage> decided,
            Clock clock) {
        this.answered = ApiRegistry.of(handlers);
        this.dispatcher = dispatcher;
        this.deposed = new DeposedAnswers(handlers);
        this.decided = decided;
        this.clock = clock;
    }

    @Override
    public ApiSpec<EnvelopeRequestData, EnvelopeResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<EnvelopeResponseData> handle(RequestContext context, EnvelopeRequestData request) {
        if (decided.get() == null) {
            return Reply.of(refusing(Errors.NOT_CONTROLLER));
        }
        short key = Enveloped.api(request.requestData());
        ApiHandler<?, ?> handler = answered.handler(key);
        if (handler == null) {
            return refusing("it is of no API that a controller answers: key " + key, Errors.INVALID_REQUEST);
        }
        if (!handler.spec().serves(Enveloped.version(request.requestData()))) {
            return Reply.of(refusing(Errors.UNSUPPORTED_VERSION));
        }
        RequestSource source;
        try {
            source = source(context, request);
        } catch (MalformedFrame malformed) {
            return refusing(malformed.getMessage(), Errors.PRINCIPAL_DESERIALIZATION_FAILURE);
        } catch (UnknownHostException malformed) {
            return refusing("its caller has no address: " + malformed.getMessage(), Errors.INVALID_REQUEST);
        }
        return switch (dispatcher.dispatch(
                source,
                new BoundedReadable().over(request.requestData(), EXPANSION),
                context.receivedNs(),
                clock.monotonicNs())) {
            case Dispatch.Unreadable(String why) -> refusing(why, Errors.INVALID_REQUEST);
            case Exchange exchange -> reply(exchange);
        };
    }

    private static RequestSource source(RequestContext context, EnvelopeRequestData request)
            throws UnknownHostException {
        Enveloped.Principal principal = Enveloped.principal(request.requestPrincipal());
        RequestSource source = new RequestSource(
                context.listener(),
                context.securityProtocol(),
                false,
                InetAddress.getByAddress(request.clientHostAddress()),
                context.loop());
        source.authenticate(new Principal(principal.type(), principal.name()));
        return source;
    }

    private Reply<EnvelopeResponseData> reply(Exchange exchange) {
        Reply<EnvelopeResponseData> reply = Reply.unordered();
        exchange.reply().onOrdered(reply::markOrdered);
        exchange.reply().onDone(outcome -> {
            reply.complete(
                    outcome instanceof Reply.Outcome.Answer<ApiMessage>(ApiMessage answer)
                            ? enveloped(exchange, exchange.finish(answer))
                            : refusing(Errors.UNKNOWN_SERVER_ERROR));
            exchange.sent(clock.monotonicNs());
        });
        return reply;
    }

    private EnvelopeResponseData enveloped(Exchange exchange, ApiMessage answer) {
        ClusterImage image = decided.get();
        if (image == null || deposed.contain(answer)) {
            return refusing(Errors.NOT_CONTROLLER);
        }
        return new EnvelopeResponseData()
                .setResponseData(Enveloped.answer(
                        exchange.correlationId(),
                        exchange.responseHeaderVersion(),
                        answer,
                        exchange.version(),
                        image.version().controllerEpoch().value(),
                        image.version().number()));
    }

    private static Reply<EnvelopeResponseData> refusing(String why, Errors error) {
        LOG.warn("A broker has forwarded a request that is refused: {}", why);
        return Reply.of(refusing(error));
    }

    private static EnvelopeResponseData refusing(Errors error) {
        return new EnvelopeResponseData().setResponseData(null).setErrorCode(error.code());
    }
}
