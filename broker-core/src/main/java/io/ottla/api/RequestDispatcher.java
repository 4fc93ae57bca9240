package io.ottla.api;

import io.ottla.metrics.Metrics;
import io.ottla.peer.ControllerChannel;
import io.ottla.protocol.Api;
import io.ottla.protocol.BoundedReadable;
import io.ottla.protocol.MalformedFrame;
import io.ottla.protocol.OwnApi;
import io.ottla.protocol.RequestHeader;
import io.ottla.protocol.Requests;
import io.ottla.quota.Quotas;
import io.ottla.security.Authorizer;
import io.ottla.time.Clock;
import io.ottla.time.LogLines;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a frame to its handler, and does once what is the same for all APIs: header, versions, decoding, permission
 * on the cluster, quota of request time, the way to the controller, meters, and what happens when a handler breaks.
 * Thread-safe; runs on the event loop of the connection that asks and never blocks.
 */
public final class RequestDispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(RequestDispatcher.class);
    private static final int SHORTEST_HEADER = 8;
    /** How long a request looks for the controller: Kafka's {@code request.timeout.ms}. */
    private static final long FORWARDING_MS = 30_000;

    private static final int BROKEN_HANDLER_LINES_PER_SECOND = 5;

    private final ApiRegistry registry;
    private final RequestMeter[] meters;
    private final ClientRequests clients;
    private final Authorizer authorizer;
    private final Quotas quotas;
    private final ControllerChannel controller;
    private final BooleanSupplier isController;
    private final Clock clock;
    private final LogLines brokenHandlerLines;
    private final EarlyRequests early = new EarlyRequests();

    /** @param isController whether this broker is the controller now: then nothing is forwarded */
    public RequestDispatcher(
            ApiRegistry registry,
            Authorizer authorizer,
            Quotas quotas,
            ControllerChannel controller,
            BooleanSupplier isController,
            Clock clock,
            Metrics metrics) {
        this.registry = registry;
        this.authorizer = authorizer;
        this.quotas = quotas;
        this.controller = controller;
        this.isController = isController;
        this.clock = clock;
        this.brokenHandlerLines = new LogLines(clock, BROKEN_HANDLER_LINES_PER_SECOND);
        this.clients = new ClientRequests(metrics);
        this.meters = new RequestMeter[Api.SLOTS];
        for (ApiSpec<?, ?> spec : registry.specs()) {
            meters[spec.api().slot()] = new RequestMeter(metrics, spec.api(), spec.newest());
        }
    }

    /**
     * From now on what clients ask waits until {@link #serveClients}: this broker does not know the cluster yet. Other brokers'
     * polls are answered, so that a controller that has only just started hears them.
     */
    public void holdClients() {
        early.hold();
    }

    /** Begins what waited, each request on its connection's loop; nothing waits any more. */
    public void serveClients() {
        early.release();
    }

    /**
     * Decodes a request and runs its handler's first stage.
     *
     * @param frame the frame without its length; only read during this call, but the request may hold windows over
     *     its bytes, which must stay as they are until the reply is ordered
     * @param receivedNs when the frame was complete, on the monotonic clock
     * @param nowNs now, on that clock
     */
    public Dispatch dispatch(RequestSource source, BoundedReadable frame, long receivedNs, long nowNs) {
        int bytes = frame.remaining();
        if (bytes < SHORTEST_HEADER) {
            return new Dispatch.Unreadable(
                    "expected a header of at least " + SHORTEST_HEADER + " bytes, but the request has " + bytes);
        }
        RequestHeader header;
        try {
            header = source.headers().decode(frame);
        } catch (MalformedFrame malformed) {
            return new Dispatch.Unreadable("the header can't be decoded: " + malformed.getMessage());
        }
        short key = header.apiKey();
        short version = header.apiVersion();
        int correlationId = header.correlationId();
        ApiHandler<ApiMessage, ApiMessage> handler = handler(key);
        if (handler == null || !handler.spec().serves(version)) {
            return unserved(source, handler, key, version, correlationId, bytes, receivedNs, nowNs);
        }
        ApiSpec<ApiMessage, ApiMessage> spec = handler.spec();
        if (spec.interBrokerOnly() && !source.interBroker()) {
            return new Dispatch.Unreadable(spec.api().label()
                    + " is served on the inter-broker listener only, but came in on " + source.listener());
        }
        if (!source.authenticated() && !allowedBeforeAuthentication(key)) {
            return new Dispatch.Unreadable(
                    "expected authentication first, but got " + spec.api().label());
        }
        ApiMessage request;
        try {
            frame.allow(spec.expansion());
            request = Requests.request(spec.api(), version, frame);
        } catch (MalformedFrame malformed) {
            return new Dispatch.Unreadable(spec.api().label() + " v" + version + " with correlation id " + correlationId
                    + " can't be decoded: " + malformed.getMessage());
        }
        if (request instanceof ApiVersionsRequestData asked && version >= 3 && ApiVersionsHandler.isNamed(asked)) {
            source.identify(new ClientSoftware(asked.clientSoftwareName(), asked.clientSoftwareVersion()));
        }
        RequestContext context =
                context(source, header.clientId() == null ? "" : header.clientId(), version, receivedNs);
        RequestMeter meter = meters[spec.api().slot()];
        meter.began(version, bytes);
        source.requests(clients).count(spec.api(), version, spec.newest());
        Reply<ApiMessage> reply = early.isHolding() && !isServedEarly(spec.api())
                ? early.add(context.loop(), () -> begin(handler, spec, context, request))
                : begin(handler, spec, context, request);
        long handledNs = clock.monotonicNs();
        int throttleMs = source.interBroker() && spec.api().isAmongBrokers()
                ? 0
                : quotas.chargeRequestTime(context.caller(), handledNs - nowNs);
        return new Exchange(
                spec,
                meter,
                context,
                correlationId,
                version,
                bytes,
                isExclusive(source, key),
                reply,
                nowNs,
                handledNs,
                throttleMs);
    }

    private Dispatch unserved(
            RequestSource source,
            ApiHandler<ApiMessage, ApiMessage> handler,
            short key,
            short version,
            int correlationId,
            int bytes,
            long receivedNs,
            long nowNs) {
        if (handler == null) {
            return new Dispatch.Unreadable(
                    "expected an API that is served here, but got " + name(key) + ", version " + version);
        }
        ApiSpec<ApiMessage, ApiMessage> spec = handler.spec();
        if (key != ApiKeys.API_VERSIONS.id) {
            return new Dispatch.Unreadable("expected " + spec.api().label() + " (key " + key + ") in versions "
                    + spec.oldest() + " to " + spec.newest() + ", but got version " + version);
        }
        RequestContext context = context(source, "", (short) 0, receivedNs);
        RequestMeter meter = meters[spec.api().slot()];
        meter.began((short) 0, bytes);
        source.requests(clients).count(spec.api(), (short) 0, spec.newest());
        ApiMessage answer = spec.refusal().apply(new ApiVersionsRequestData(), Errors.UNSUPPORTED_VERSION);
        return new Exchange(
                spec, meter, context, correlationId, (short) 0, bytes, true, Reply.of(answer), nowNs, nowNs, 0);
    }

    /** As people know it, also where it is not served. */
    private static String name(short key) {
        Api api = Api.forId(key);
        return api == null ? "key " + key : api.label() + " (key " + key + ")";
    }

    private static RequestContext context(RequestSource source, String clientId, short version, long receivedNs) {
        return new RequestContext(
                source.caller(clientId),
                version,
                source.listener(),
                source.securityProtocol(),
                source.interBroker(),
                source.software(),
                receivedNs,
                source.loop(),
                source);
    }

    private Reply<ApiMessage> begin(
            ApiHandler<ApiMessage, ApiMessage> handler,
            ApiSpec<ApiMessage, ApiMessage> spec,
            RequestContext context,
            ApiMessage request) {
        try {
            if (spec.clusterOperation() != null
                    && !authorizer.allows(
                            context.caller(), spec.clusterOperation(), ResourceType.CLUSTER, Authorizer.CLUSTER_NAME)) {
                return Reply.of(spec.refusal().apply(request, Errors.CLUSTER_AUTHORIZATION_FAILED));
            }
            if (spec.onController() && !isController.getAsBoolean()) {
                return forward(spec, context, request);
            }
            return handler.handle(context, request);
        } catch (RuntimeException | StackOverflowError broken) {
            return broken(spec, context, request, broken);
        }
    }

    /** A handler's bug disturbs nobody but its caller. */
    private Reply<ApiMessage> broken(
            ApiSpec<ApiMessage, ApiMessage> spec, RequestContext context, ApiMessage request, Throwable failure) {
        brokenHandlerLines.write(more -> LOG.error(
                "{} v{} of {} could not be handled{}",
                spec.api().label(),
                context.apiVersion(),
                context.caller(),
                more,
                failure));
        if (request instanceof ProduceRequestData produce && produce.acks() == 0) {
            Reply<ApiMessage> reply = Reply.later();
            reply.end(new Reply.Outcome.Hangup<>(Errors.UNKNOWN_SERVER_ERROR, "its handler broke: " + failure));
            return reply;
        }
        return Reply.of(spec.refusal().apply(request, Errors.UNKNOWN_SERVER_ERROR));
    }

    private Reply<ApiMessage> forward(
            ApiSpec<ApiMessage, ApiMessage> spec, RequestContext context, ApiMessage request) {
        Reply<ApiMessage> reply = Reply.later();
        controller
                .forward(context.caller(), request, context.apiVersion(), context.deadlineNs(FORWARDING_MS))
                .whenComplete((answer, failure) -> {
                    if (failure == null) {
                        // As if it had been handled here: the controller holds no connection of this client.
                        reply.throttled(spec.throttled().applyAsInt(answer)).complete(answer);
                    } else {
                        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                        reply.complete(spec.refusal().apply(request, Errors.forException(cause)));
                    }
                });
        return reply;
    }

    @SuppressWarnings("unchecked") // A handler's spec says which message classes it takes and gives.
    private ApiHandler<ApiMessage, ApiMessage> handler(short key) {
        return (ApiHandler<ApiMessage, ApiMessage>) registry.handler(key);
    }

    private static boolean isServedEarly(Api api) {
        return api instanceof OwnApi || allowedBeforeAuthentication(api.id());
    }

    private static boolean allowedBeforeAuthentication(short key) {
        return key == ApiKeys.API_VERSIONS.id
                || key == ApiKeys.SASL_HANDSHAKE.id
                || key == ApiKeys.SASL_AUTHENTICATE.id;
    }

    private static boolean isExclusive(RequestSource source, short key) {
        return key == ApiKeys.SASL_HANDSHAKE.id
                || key == ApiKeys.SASL_AUTHENTICATE.id
                || (key == ApiKeys.API_VERSIONS.id && source.asksVersionsFirst());
    }
}
