package io.ottla.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.PooledByteBufAllocator;
import io.ottla.api.ApiHandler;
import io.ottla.api.ApiRegistry;
import io.ottla.api.ApiSpec;
import io.ottla.api.Reply;
import io.ottla.api.RequestContext;
import io.ottla.api.RequestDispatcher;
import io.ottla.concurrent.Threads;
import io.ottla.config.NetworkProperties;
import io.ottla.config.NetworkProperties.Listener;
import io.ottla.metadata.ClusterImage;
import io.ottla.metrics.Metrics;
import io.ottla.quota.Quotas;
import io.ottla.security.Authorizer;
import io.ottla.time.Clock;
import io.ottla.time.TimerWheel;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * A server on a free port of the loopback address, with handlers that a test gives it. From the first one on, nothing
 * may block an event loop in this process.
 */
final class TestingServer implements AutoCloseable {
    static final Listener PLAINTEXT = new Listener("PLAINTEXT", SecurityProtocol.PLAINTEXT, "127.0.0.1", 0);
    static final NetworkProperties PROPERTIES = NetworkProperties.DEFAULTS.withListeners(PLAINTEXT);

    final Metrics metrics = new Metrics();
    final EventLoops loops;
    final NetworkServer server;
    final RequestDispatcher dispatcher;
    private final TimerWheel timer;

    static {
        reactor.blockhound.BlockHound.install();
    }

    TestingServer(ApiHandler<?, ?>... handlers) throws IOException {
        this(PROPERTIES, handlers);
    }

    TestingServer(NetworkProperties properties, ApiHandler<?, ?>... handlers) throws IOException {
        this(properties, Quotas.unlimited(), Map.of(), true, handlers);
    }

    TestingServer(
            NetworkProperties properties,
            Quotas quotas,
            Map<SecurityProtocol, ListenerSecurity> security,
            boolean epoll,
            ApiHandler<?, ?>... handlers)
            throws IOException {
        Clock clock = Clock.system();
        timer = new TimerWheel(clock, Threads.single("testing-timer"));
        loops = new EventLoops(2, 1, epoll && io.netty.channel.epoll.Epoll.isAvailable());
        dispatcher = new RequestDispatcher(
                ApiRegistry.announcing(List.of(handlers), Map.of(), 0, () -> ClusterImage.EMPTY),
                Authorizer.allowAll(),
                quotas,
                (caller, request, version, deadlineNs) ->
                        CompletableFuture.failedFuture(new IllegalStateException("there is no controller")),
                () -> true,
                clock,
                metrics);
        server = new NetworkServer(properties, dispatcher, loops, security, clock, timer, metrics);
        boolean bound = false;
        try {
            server.bind();
            bound = true;
        } finally {
            if (!bound) {
                loops.close();
                timer.close();
            }
        }
        server.startAccepting();
    }

    int port() {
        return server.boundPort(server.boundListeners().get(0).name());
    }

    TestingClient connect() throws IOException {
        return new TestingClient(port());
    }

    /** A handler made of one function; its refusals are empty answers. */
    static <Q extends ApiMessage, A extends ApiMessage> ApiHandler<Q, A> handler(
            ApiKeys key, BiFunction<RequestContext, Q, Reply<A>> handle) {
        return handler(key, (answer, throttleMs) -> {}, handle);
    }

    static <Q extends ApiMessage, A extends ApiMessage> ApiHandler<Q, A> handler(
            ApiKeys key,
            java.util.function.BiConsumer<A, Integer> throttle,
            BiFunction<RequestContext, Q, Reply<A>> handle) {
        ApiSpec<Q, A> spec = ApiSpec.of(key, (request, error) -> empty(key), throttle);
        return new ApiHandler<>() {
            @Override
            public ApiSpec<Q, A> spec() {
                return spec;
            }

            @Override
            public Reply<A> handle(RequestContext context, Q request) {
                return handle.apply(context, request);
            }
        };
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // The key says which class it is.
    private static <A extends ApiMessage> A empty(ApiKeys key) {
        return (A) key.messageType.newResponse();
    }

    /** The value of a counter, summed over all its series. */
    long counted(String name) {
        return metrics.read().stream()
                .filter(family -> family.name().equals(name))
                .flatMap(family -> family.samples().stream())
                .mapToLong(sample -> switch (sample) {
                    case Metrics.Sample.Count count -> count.value();
                    case Metrics.Sample.Level level -> (long) level.value();
                    case Metrics.Sample.Spread spread -> spread.reading().count();
                })
                .sum();
    }

    /** The largest value of a gauge's series. */
    double level(String name) {
        return metrics.read().stream()
                .filter(family -> family.name().equals(name))
                .flatMap(family -> family.samples().stream())
                .mapToDouble(sample -> ((Metrics.Sample.Level) sample).value())
                .max()
                .orElseThrow();
    }

    @Override
    public void close() {
        server.close();
        try {
            // Every buffer has been given back: a leak fails its own test.
            await().untilAsserted(() -> assertThat(((PooledByteBufAllocator) loops.buffers()).pinnedDirectMemory())
                    .isZero());
        } finally {
            loops.close();
            timer.close();
        }
    }
}
