package io.ottla.network;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.ottla.concurrent.BoundedPool;
import io.ottla.metadata.BrokerImage.Endpoint;
import io.ottla.metrics.Counter;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import io.ottla.peer.PeerClient;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import io.ottla.types.BrokerId;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Sends requests to other brokers over event loops of their own: one connection a lane, made on demand, several
 * requests in flight on it, answered in order. Thread-safe.
 *
 * <p>A call fails with {@code TimeoutException} when it is not answered in time, and with {@link DisconnectException} as
 * soon as the broker refuses or drops the connection, so that a dead process is noticed at once. Nothing is sent
 * twice. What {@link #send} completes with is on the heap; {@link #fetch} shows it where it was received.
 */
public final class NetworkClient implements PeerClient, AutoCloseable {
    private static final long CLOSE_MS = 2_000;

    private final PeerSettings settings;
    private final BoundedPool resolver = new BoundedPool("ottla-resolve", 1, 256);
    private final ConcurrentHashMap<Lane, PeerLink> links = new ConcurrentHashMap<>();
    private final Counter requests;
    private final Counter failures;

    /**
     * Connects to nobody yet.
     *
     * @param loops owned by the caller, who closes them after this
     * @param endpoints where a broker is reached now, from the cluster's image; null for one that is not known
     * @param clientId what we call ourselves in requests
     * @param maxAnswerBytes larger answers close the connection
     */
    public NetworkClient(
            EventLoops loops,
            Function<BrokerId, Endpoint> endpoints,
            String clientId,
            int maxAnswerBytes,
            Clock clock,
            Timer timer,
            Metrics metrics) {
        this.settings = new PeerSettings(loops, endpoints, clientId, maxAnswerBytes, resolver, clock, timer);
        this.requests =
                metrics.counter("ottla_network_peer_requests_total", "Requests sent to other brokers", Labels.NONE);
        this.failures = metrics.counter(
                "ottla_network_peer_failures_total", "Requests to other brokers that got no answer", Labels.NONE);
        metrics.gauge(
                "ottla_network_peer_requests_in_flight",
                "Requests to other brokers that are not answered",
                Labels.NONE,
                () -> links.values().stream().mapToInt(PeerLink::calls).sum());
    }

    @Override
    public CompletionStage<ApiMessage> send(Lane lane, ApiMessage request, short version, long timeoutMs) {
        CompletableFuture<ApiMessage> result = new CompletableFuture<>();
        begin(lane, timeoutMs, new PeerCall(request, version, false, (answer, failure) -> {
            if (failure == null) {
                result.complete(answer);
            } else {
                failures.increment();
                result.completeExceptionally(failure);
            }
        }));
        return result;
    }

    @Override
    public void fetch(
            Lane lane,
            ApiMessage request,
            short version,
            long timeoutMs,
            BiConsumer<? super ApiMessage, ? super Throwable> receiver) {
        begin(lane, timeoutMs, new PeerCall(request, version, true, (answer, failure) -> {
            if (failure != null) {
                failures.increment();
            }
            receiver.accept(answer, failure);
        }));
    }

    private void begin(Lane lane, long timeoutMs, PeerCall call) {
        requests.increment();
        PeerLink link = links.computeIfAbsent(
                lane, on -> new PeerLink(on.broker(), settings.loops().brokers().next(), settings));
        try {
            link.loop().execute(() -> {
                call.expiresBy(settings.timer()
                        .schedule(timeoutMs, () -> link.loop().execute(() -> link.expire(call))));
                link.call(call);
            });
        } catch (RejectedExecutionException stopped) {
            call.fail(new DisconnectException("Expected an open client, but its event loops have ended", stopped));
        }
    }

    @Override
    public CompletionStage<Presence> probe(BrokerId broker, long timeoutMs) {
        CompletableFuture<Presence> found = new CompletableFuture<>();
        Timer.Timeout patience = settings.timer().schedule(timeoutMs, () -> found.complete(Presence.SILENT));
        found.whenComplete((presence, never) -> patience.cancel());
        settings.resolve(broker, (address, failure) -> {
            if (failure != null) {
                found.complete(Presence.SILENT);
            } else {
                knock(address, (int) Math.min(timeoutMs, Integer.MAX_VALUE), found);
            }
        });
        return found;
    }

    private void knock(InetSocketAddress address, int timeoutMs, CompletableFuture<Presence> found) {
        try {
            new Bootstrap()
                    .group(settings.loops().brokers().next())
                    .channel(settings.loops().clientChannel())
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMs)
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(address)
                    .addListener((ChannelFuture done) -> {
                        found.complete(
                                done.isSuccess()
                                        ? Presence.LISTENING
                                        : isRefusal(done.cause()) ? Presence.REFUSED : Presence.SILENT);
                        done.channel().close();
                    });
        } catch (RejectedExecutionException stopped) {
            found.complete(Presence.SILENT);
        }
    }

    /** The kernel of that machine says that nobody listens; an unreachable one is another matter. */
    private static boolean isRefusal(Throwable why) {
        return why instanceof ConnectException
                && !(why instanceof ConnectTimeoutException)
                && !(why instanceof NoRouteToHostException)
                && why.getMessage() != null
                && why.getMessage().contains("refused");
    }

    /** Closes all connections; what is under way fails. */
    @Override
    public void close() {
        for (PeerLink link : links.values()) {
            try {
                link.loop().submit(link::close).await(CLOSE_MS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            } catch (RejectedExecutionException ended) {
                // The loops have ended, and with them every connection.
                break;
            }
        }
        resolver.close();
    }
}
