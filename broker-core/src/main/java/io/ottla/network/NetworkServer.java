package io.ottla.network;

import io.netty.channel.EventLoopGroup;
import io.ottla.api.RequestDispatcher;
import io.ottla.config.NetworkProperties;
import io.ottla.config.NetworkProperties.Listener;
import io.ottla.metrics.Metrics;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on all listeners and serves their connections (DESIGN §4). {@link #bind}, {@link #startAccepting} and
 * {@link #close} are called once each, in this order, by whoever builds the broker; {@link #reconfigure} any number of
 * times in between, and close may come at any time.
 *
 * <p>The pipeline of a connection has named slots, of which a listener fills those that it needs: {@value #TLS},
 * {@value #SASL}, {@value #REQUESTS}.
 */
public final class NetworkServer implements BrokerServer {
    static final String TLS = "tls";
    static final String SASL = "sasl";
    static final String REQUESTS = "requests";

    private static final Logger LOG = LoggerFactory.getLogger(NetworkServer.class);
    private static final long SWEEP_MS = 1_000;
    private static final long SMALLEST_BUDGET = 64L << 20;

    private final NetworkProperties properties;
    private final EventLoops loops;
    private final Map<SecurityProtocol, ListenerSecurity> security;
    private final ServerContext context;
    private final PageToucher toucher;
    private final NetworkMetrics metrics;
    private final Clock clock;
    private final Timer timer;
    private final MemoryBudget clientBudget;
    private final MemoryBudget interBrokerBudget;
    private final List<ServerListener> configured;
    private final CountDownLatch stopped = new CountDownLatch(1);
    /** Null before {@link #bind}. */
    private volatile Doors doors;

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
        this.security = Map.copyOf(security);
        this.clock = clock;
        this.timer = timer;
        this.metrics = new NetworkMetrics(metrics);
        this.toucher = new PageToucher(
                properties.limits().coldReadThreads(), properties.limits().coldReadQueue());
        this.clientBudget = new MemoryBudget(clientBudgetBytes(properties));
        this.interBrokerBudget = new MemoryBudget(properties.limits().interBrokerRequestBytes());
        this.context = new ServerContext(properties, dispatcher, loops, toucher, clock, timer, this.metrics);
        this.configured = properties.listeners().stream().map(this::listener).toList();
    }

    private ServerListener listener(Listener at) {
        ListenerSecurity slots = at.protocol() == SecurityProtocol.PLAINTEXT
                ? ListenerSecurity.plaintext()
                : security.get(at.protocol());
        if (slots == null) {
            throw new IllegalArgumentException(
                    "listeners: expected a protocol that is set up, but " + at.name() + " wants " + at.protocol());
        }
        boolean interBroker = at.name().equals(properties.interBrokerListener());
        // A broker with one listener serves clients on it too: then it is theirs.
        boolean own = interBroker && properties.listeners().size() > 1;
        EventLoopGroup group = own ? loops.brokers() : loops.clients();
        return new ServerListener(at, interBroker, own, slots, group, own ? interBrokerBudget : clientBudget);
    }

    private static long clientBudgetBytes(NetworkProperties properties) {
        long configured = properties.queuedMaxRequestBytes();
        return configured > 0
                ? configured
                : Math.max(SMALLEST_BUDGET, Runtime.getRuntime().maxMemory() / 4);
    }

    @Override
    public synchronized void bind() throws IOException {
        doors = new Doors(properties, context, loops, metrics, clock);
        loops.start();
        boolean apart = configured.stream().anyMatch(ServerListener::isShielded);
        metrics.watch(loops, apart ? loops::count : loops::clientCount, context.workload(), clock);
        metrics.watch(clientBudget, toucher);
        try {
            for (ServerListener listener : configured) {
                doors.open(listener);
            }
        } catch (IOException e) {
            close();
            throw e;
        }
        scheduleSweep();
    }

    @Override
    public synchronized void startAccepting() {
        doors.accept();
    }

    @Override
    public synchronized List<String> reconfigure(NetworkProperties changed) {
        if (closed) {
            return List.of();
        }
        List<String> problems = new ArrayList<>();
        doors.resize(changed.networkThreads());
        try {
            doors.limit(changed.connections());
        } catch (IOException unknown) {
            problems.add(unknown.getMessage());
        }
        for (ServerListener listener : doors.listeners()) {
            Listener now = find(changed.listeners(), listener.name());
            if (now == null) {
                LOG.info("Closing the listener {}", listener.configured());
                doors.close(listener);
                stop(connection -> connection.listener() == listener);
            } else if (!now.equals(listener.configured())) {
                problems.add("listeners: expected " + listener.configured() + " to stay as it is while the broker runs,"
                        + " but it is to be " + now + " with " + now.protocol()
                        + "; give a listener of another name that address");
            }
        }
        for (Listener wanted : changed.listeners()) {
            if (doors.listeners().stream().noneMatch(listener -> listener.name().equals(wanted.name()))) {
                open(wanted, problems);
            }
        }
        return problems;
    }

    private void open(Listener wanted, List<String> problems) {
        try {
            doors.open(listener(wanted));
            LOG.info("Opened the listener {}", wanted);
        } catch (IOException | IllegalArgumentException e) {
            problems.add(e.getMessage());
        }
    }

    private static Listener find(List<Listener> listeners, String name) {
        for (Listener listener : listeners) {
            if (listener.name().equals(name)) {
                return listener;
            }
        }
        return null;
    }

    @Override
    public List<Listener> boundListeners() {
        List<Listener> bound = new ArrayList<>();
        for (ServerListener listener : doors.listeners()) {
            Listener at = listener.configured();
            bound.add(new Listener(at.name(), at.protocol(), at.host(), port(listener)));
        }
        return bound;
    }

    @Override
    public boolean isListening() {
        Doors open = doors;
        return open != null
                && open.listeners().stream()
                        .anyMatch(listener ->
                                listener.isInterBroker() && listener.channel().isActive());
    }

    /** The port of a listener. After {@link #bind}. */
    public int boundPort(String listenerName) {
        for (ServerListener listener : doors.listeners()) {
            if (listener.name().equals(listenerName)) {
                return port(listener);
            }
        }
        throw new IllegalArgumentException(
                "Expected one of the listeners " + boundListeners() + ", but got " + listenerName);
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
        Doors open = doors;
        if (open != null) {
            open.listeners().forEach(listener -> listener.channel().close());
        }
        stop(connection -> true);
    }

    /** Has connections answer what was begun, and close. */
    private void stop(Predicate<Connection> which) {
        for (Connection connection : context.connections()) {
            if (which.test(connection)) {
                try {
                    connection.channel().eventLoop().execute(connection::stop);
                } catch (RejectedExecutionException ended) {
                    LOG.debug("Event loops ended before the server");
                }
            }
        }
    }

    @Override
    public synchronized void close() {
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
        if (doors != null) {
            for (ServerListener listener : doors.listeners()) {
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
        if (clientBudget.waiting() + interBrokerBudget.waiting() == 0) {
            return;
        }
        for (Connection connection : context.connections()) {
            try {
                connection.channel().eventLoop().execute(connection::checkStalled);
            } catch (RejectedExecutionException ended) {
                return;
            }
        }
    }
}
