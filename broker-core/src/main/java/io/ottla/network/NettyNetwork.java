package io.ottla.network;

import io.ottla.api.RequestDispatcher;
import io.ottla.config.NetworkProperties;
import io.ottla.metadata.BrokerImage.Endpoint;
import io.ottla.metrics.Metrics;
import io.ottla.peer.PeerClient;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import io.ottla.types.BrokerId;
import java.util.Map;
import java.util.function.Function;

/** The machine's network, by Netty. Used by the thread that starts and stops the broker. */
public final class NettyNetwork implements BrokerNetwork {
    /** Beyond the largest answer to a fetch, and to a poll of metadata that brings all of a large cluster. */
    private static final int MAX_ANSWER_BYTES = 256 << 20;

    private final EventLoops loops;
    private final Clock clock;
    private final Timer timer;
    private final Metrics metrics;
    private NetworkClient client;

    /** Starts no thread before the first connection. */
    public NettyNetwork(NetworkProperties properties, Clock clock, Timer timer, Metrics metrics) {
        this.loops = new EventLoops(properties);
        this.clock = clock;
        this.timer = timer;
        this.metrics = metrics;
    }

    @Override
    public PeerClient peers(BrokerId self, Function<BrokerId, Endpoint> endpoints) {
        client = new NetworkClient(loops, endpoints, "broker-" + self, MAX_ANSWER_BYTES, clock, timer, metrics);
        return client;
    }

    @Override
    public BrokerServer server(NetworkProperties properties, RequestDispatcher dispatcher) {
        return new NetworkServer(properties, dispatcher, loops, Map.of(), clock, timer, metrics);
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
        loops.close();
    }
}
