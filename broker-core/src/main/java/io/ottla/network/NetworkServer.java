package io.ottla.network;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.ottla.api.RequestDispatcher;
import io.ottla.config.NetworkProperties;
import io.ottla.config.NetworkProperties.Listener;
import io.ottla.metrics.Metrics;
import io.ottla.time.Allowance;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on all listeners and serves their connections (DESIGN §4). {@link #bind}, {@link #startAccepting} and
 * {@link #close} are called once each, in this order, by whoever builds the broker; close may come at any time.
 *
 * <p>The pipeline of a connection has named slots, of which a listener fills those that it needs: {@value #TLS},
 * {@value #SASL}, {@value #REQUESTS}.
 */
public final class NetworkServer implements AutoCloseable {
    static final String TLS = "tls";
    static final String SASL = "sasl";
    static final String REQUESTS = "requests";

    private static final Logger LOG = LoggerFactory.getLogger(NetworkServer.class);
    private static final long SWEEP_MS = 1_000;
    private static final long SMALLEST_BUDGET = 64L << 20;

    private final NetworkProperties properties;
    private final EventLoops loops;
    private final ServerContext context;
    private final PageToucher toucher;
    private final NetworkMetrics metrics;
    private final Clock clock;
    private final Timer timer;
    private final MemoryBudget clientBudget;
    private final List<ServerListener> listeners = new ArrayList<>();
    private final List<ConnectionGate> gates = new ArrayList<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile boolean closed;

    /**
     * Opens nothing yet.
     *
     * @param loops owned by the caller, who closes them after this
     * @param security what fills the slots, by protocol; {@code PLAINTEXT} needs none
     * @throws IllegalArgumentException where a listener's protocol is neither PLAINTEXT nor in {@code security}
     */
    public NetworkServer(
            NetworkProperties properties,
            RequestDispatcher dispatcher,
            EventLoops loops,
            Map<SecurityProtocol, ListenerSecurity> security,
            Clock clock,
            Timer timer,
            Metrics metrics) {
        this.properties = properties;
        this.loops = loops;
        this.clock = clock;
        this.timer = timer;
        this.metrics = new NetworkMetrics(metrics);
        this.toucher = new PageToucher(
                properties.limits().coldReadThreads(), properties.limits().coldReadQueue());
        this.clientBudget = new MemoryBudget(clientBudgetBytes(properties));
        this.context = new ServerContext(properties, dispatcher, loops, toucher, clock, timer, this.metrics);
        MemoryBudget interBrokerBudget = new MemoryBudget(properties.limits().interBrokerRequestBytes());
        boolean apart = properties.listeners().size() > 1;
        for (Listener listener : properties.listeners()) {
            ListenerSecurity slots = listener.protocol() == SecurityProtocol.PLAINTEXT
                    ? ListenerSecurity.plaintext()
                    : security.get(listener.protocol());
            if (slots == null) {
                throw new IllegalArgumentException("listeners: expected a protocol that is set up, but "
                        + listener.name() + " wants " + listener.protocol());
            }
            boolean interBroker = listener.name().equals(properties.interBrokerListener());
            // A broker with one listener serves clients on it too: then it is theirs.
            boolean own = interBroker && apart;
            EventLoopGroup group = own ? loops.brokers() : loops.clients();
            MemoryBudget budget = own ? interBrokerBudget : clientBudget;
            listeners.add(new ServerListener(listener, interBroker, slots, group, budget, loops.count()));
        }
    }

    private static long clientBudgetBytes(NetworkProperties properties) {
        long configured = properties.queuedMaxRequestBytes();
        return configured > 0
                ? configured
                : Math.max(SMALLEST_BUDGET, Runtime.getRuntime().maxMemory() / 4);
    }

    /**
     * Listens on every listener. Who connects waits in the backlog until {@link #startAccepting}.
     *
     * @throws IOException where an address can't be listened on; names the setting and the address. Nothing stays open
     */
    public void bind() throws IOException {
        ConnectionCounts counts = new ConnectionCounts(properties.connections());
        List<Allowance> brokerRate = new ArrayList<>();
        addRate(brokerRate, properties.connections().maxCreationRate());
        loops.start();
        metrics.watch(loops, clock);
        metrics.watch(clientBudget, toucher);
        for (ServerListener listener : listeners) {
            List<Allowance> rates = new ArrayList<>(listener.isInterBroker() ? List.of() : brokerRate);
            addRate(
                    rates,
                    properties
                            .connections()
                            .maxCreationRateByListener()
                            .getOrDefault(listener.name(), Integer.MAX_VALUE));
            ConnectionGate gate = new ConnectionGate(listener, context, counts, rates, properties.connections());
            gates.add(gate);
            listener.bound(bind(listener, gate));
            metrics.watch(listener, gate, clock, loops.count());
        }
        scheduleSweep();
    }

    private void addRate(List<Allowance> rates, int perSecond) {
        if (perSecond < Integer.MAX_VALUE) {
            rates.add(new Allowance(clock, Math.max(1, perSecond)));
        }
    }

    private Channel bind(ServerListener listener, ConnectionGate gate) throws IOException {
        Listener at = listener.configured();
        InetSocketAddress address =
                at.host().isEmpty() ? new InetSocketAddress(at.port()) : new InetSocketAddress(at.host(), at.port());
        if (address.isUnresolved()) {
            close();
            throw new IOException(
                    "listeners: expected an address of this machine, but the host in " + at + " is not known");
        }
        ChannelFuture bound = bootstrap(listener, gate).bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            close();
            IOException failure = new BindException("listeners: can't listen on " + at + ": " + reason(bound.cause())
                    + ". Is another broker running here, or another process on this port?");
            failure.initCause(bound.cause());
            throw failure;
        }
        return bound.channel();
    }

    private static String reason(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.toString() : message;
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
        if (properties.socketReceiveBufferBytes() > 0) {
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
            add(pipeline, TLS, listener.security().tls(channel));
            add(pipeline, SASL, listener.security().sasl(channel));
            pipeline.addLast(REQUESTS, new Connection(context, listener));
        }

        private static void add(ChannelPipeline pipeline, String slot, ChannelHandler handler) {
            if (handler != null) {
                pipeline.addLast(slot, handler);
            }
        }
    }

    /** Serves who connects from now on. */
    public void startAccepting() {
        gates.forEach(ConnectionGate::open);
    }

    /** The listeners with the ports that they really have. After {@link #bind}. */
    public List<Listener> boundListeners() {
        List<Listener> bound = new ArrayList<>();
        for (ServerListener listener : listeners) {
            Listener at = listener.configured();
            bound.add(new Listener(at.name(), at.protocol(), at.host(), port(listener)));
        }
        return bound;
    }

    /** The port of a listener. After {@link #bind}. */
    public int boundPort(String listenerName) {
        for (ServerListener listener : listeners) {
            if (listener.name().equals(listenerName)) {
                return port(listener);
            }
        }
        throw new IllegalArgumentException(
                "Expected one of the listeners " + properties.listeners() + ", but got " + listenerName);
    }

    private static int port(ServerListener listener) {
        return ((InetSocketAddress) listener.channel().localAddress()).getPort();
    }

    /** Connections that are open now. */
    public int connections() {
        return context.connections().size();
    }

    /** Stops listening and takes no more requests; those begun go on. Returns at once. */
    public void stopAccepting() {
        for (ServerListener listener : listeners) {
            if (listener.channel() != null) {
                listener.channel().close();
            }
        }
        for (Connection connection : context.connections()) {
            try {
                connection.channel().eventLoop().execute(connection::stop);
            } catch (RejectedExecutionException ended) {
                LOG.debug("Event loops ended before the server");
            }
        }
    }

    /**
     * Stops accepting, lets requests that were begun be answered for {@code stopGraceMs}, and closes all connections.
     * Blocks meanwhile.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        stopAccepting();
        watchForEmpty();
        awaitStopped();
        for (Connection connection : context.connections()) {
            connection.channel().close().awaitUninterruptibly(SWEEP_MS);
        }
        for (ServerListener listener : listeners) {
            if (listener.channel() != null) {
                listener.channel().closeFuture().awaitUninterruptibly(SWEEP_MS);
            }
        }
        toucher.close();
    }

    private void watchForEmpty() {
        if (context.connections().isEmpty()) {
            stopped.countDown();
        } else {
            timer.schedule(10, this::watchForEmpty);
        }
    }

    private void awaitStopped() {
        try {
            if (!stopped.await(properties.limits().stopGraceMs(), TimeUnit.MILLISECONDS)) {
                LOG.warn(
                        "{} connections are closed with requests unanswered after {} ms",
                        context.connections().size(),
                        properties.limits().stopGraceMs());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void scheduleSweep() {
        timer.schedule(SWEEP_MS, () -> {
            if (!closed) {
                sweep();
                scheduleSweep();
            }
        });
    }

    /** Where connections wait for memory, looks for those that hold some and do not go on. */
    private void sweep() {
        for (ServerListener listener : listeners) {
            if (listener.budget().waiting() > 0) {
                for (Connection connection : context.connections()) {
                    try {
                        connection.channel().eventLoop().execute(connection::checkStalled);
                    } catch (RejectedExecutionException ended) {
                        return;
                    }
                }
                return;
            }
        }
    }
}
