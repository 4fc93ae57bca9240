package io.ottla.network;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.ottla.config.NetworkProperties;
import io.ottla.config.NetworkProperties.Listener;
import io.ottla.time.Clock;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The listening sockets of a server, which come and go while it runs, and the limits at each. {@link #open},
 * {@link #accept} and {@link #close} are called by one thread at a time; the rest is thread-safe.
 */
final class Doors {
    private final NetworkProperties properties;
    private final ServerContext context;
    private final EventLoops loops;
    private final NetworkMetrics metrics;
    private final Clock clock;
    private final ConnectionCounts counts;
    private final ConnectionRates rates;
    private final List<ServerListener> listeners = new CopyOnWriteArrayList<>();
    private final Map<ServerListener, ConnectionGate> gates = new ConcurrentHashMap<>();
    private boolean accepting;

    /** Looks the names in the limits up, which may take a while. */
    Doors(NetworkProperties properties, ServerContext context, EventLoops loops, NetworkMetrics metrics, Clock clock)
            throws IOException {
        this.properties = properties;
        this.context = context;
        this.loops = loops;
        this.metrics = metrics;
        this.clock = clock;
        this.counts = new ConnectionCounts(properties.connections());
        this.rates = new ConnectionRates(clock, properties.connections());
    }

    /** Those that are open, in the order in which they were opened. */
    List<ServerListener> listeners() {
        return listeners;
    }

    /**
     * Listens. Who connects waits in the backlog until {@link #accept}.
     *
     * @throws IOException where the address can't be listened on; names the setting and the address
     */
    void open(ServerListener listener) throws IOException {
        ConnectionGate gate = new ConnectionGate(listener, context, counts, rates);
        listener.bound(bind(listener, gate));
        gates.put(listener, gate);
        listeners.add(listener);
        metrics.watch(listener, loops.made());
        metrics.watch(listener, gate, clock);
        if (accepting) {
            gate.open();
        }
    }

    /** Lets everybody in from now on. */
    void accept() {
        accepting = true;
        gates.values().forEach(ConnectionGate::open);
    }

    /** Stops listening. Connections that came in here are left as they are. */
    void close(ServerListener listener) {
        listeners.remove(listener);
        gates.remove(listener);
        metrics.forget(listener, loops.made());
        listener.channel().close().awaitUninterruptibly();
    }

    /**
     * Goes by other limits, from the next connection on.
     *
     * @throws IOException where a host in them is not known; all is as before
     */
    void limit(NetworkProperties.Connections limits) throws IOException {
        counts.limit(limits);
        rates.limit(limits);
        gates.values().forEach(ConnectionGate::limitsChanged);
    }

    /** Lets new connections of clients use so many event loops. */
    void resize(int clientThreads) {
        loops.resize(clientThreads);
        listeners.forEach(listener -> metrics.watch(listener, loops.made()));
    }

    private Channel bind(ServerListener listener, ConnectionGate gate) throws IOException {
        Listener at = listener.configured();
        InetSocketAddress address = ListenProbe.address(at);
        if (address.isUnresolved()) {
            throw new IOException(ListenProbe.refusal(at));
        }
        ChannelFuture bound = bootstrap(listener, gate).bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            IOException failure = new BindException(ListenProbe.sentence(at, bound.cause()));
            failure.initCause(bound.cause());
            throw failure;
        }
        return bound.channel();
    }

    private ServerBootstrap bootstrap(ServerListener listener, ConnectionGate gate) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(listener.loops(), listener.loops())
                .channel(loops.serverChannel())
                .option(ChannelOption.SO_BACKLOG, properties.socketListenBacklogSize())
                .option(ChannelOption.AUTO_READ, false)
                .handler(gate)
                .childOption(ChannelOption.ALLOCATOR, loops.buffers())
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(
                                properties.limits().writeBufferLowBytes(),
                                properties.limits().writeBufferHighBytes()))
                .childHandler(new Pipeline(listener, context));
        if (properties.limitsSendBuffer()) {
            bootstrap.childOption(ChannelOption.SO_SNDBUF, properties.socketSendBufferBytes());
        }
        if (properties.limitsReceiveBuffer()) {
            // On the listening socket, so that it counts in the handshake's window scale.
            bootstrap.option(ChannelOption.SO_RCVBUF, properties.socketReceiveBufferBytes());
        }
        return bootstrap;
    }

    /** Fills the slots of a new connection's pipeline. */
    private static final class Pipeline extends ChannelInitializer<Channel> {
        private final ServerListener listener;
        private final ServerContext context;

        Pipeline(ServerListener listener, ServerContext context) {
            this.listener = listener;
            this.context = context;
        }

        @Override
        protected void initChannel(Channel channel) {
            ChannelPipeline pipeline = channel.pipeline();
            add(pipeline, NetworkServer.TLS, listener.security().tls(channel));
            add(pipeline, NetworkServer.SASL, listener.security().sasl(channel));
            pipeline.addLast(NetworkServer.REQUESTS, new Connection(context, listener));
        }

        private static void add(ChannelPipeline pipeline, String slot, ChannelHandler handler) {
            if (handler != null) {
                pipeline.addLast(slot, handler);
            }
        }
    }
}
