package io.ottla.network;

import io.netty.channel.EventLoop;
import io.ottla.api.RequestDispatcher;
import io.ottla.config.NetworkProperties;
import io.ottla.metrics.Counter;
import io.ottla.time.Clock;
import io.ottla.time.LogLines;
import io.ottla.time.Timer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** What all connections of a server share. Thread-safe. */
final class ServerContext {
    private static final int LOG_LINES_PER_SECOND = 10;
    private static final long STALL_NS = 10_000_000;

    private record Traffic(Counter created, Counter ended) {}

    private final NetworkProperties properties;
    private final RequestDispatcher dispatcher;
    private final EventLoops loops;
    private final PageToucher toucher;
    private final Clock clock;
    private final Timer timer;
    private final NetworkMetrics metrics;
    private final LogLines logLines;
    private final Workload workload = new Workload();
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Map<String, Traffic> traffic = new ConcurrentHashMap<>();

    ServerContext(
            NetworkProperties properties,
            RequestDispatcher dispatcher,
            EventLoops loops,
            PageToucher toucher,
            Clock clock,
            Timer timer,
            NetworkMetrics metrics) {
        this.properties = properties;
        this.dispatcher = dispatcher;
        this.loops = loops;
        this.toucher = toucher;
        this.clock = clock;
        this.timer = timer;
        this.metrics = metrics;
        this.logLines = new LogLines(clock, LOG_LINES_PER_SECOND);
    }

    RequestDispatcher dispatcher() {
        return dispatcher;
    }

    NetworkProperties.Limits limits() {
        return properties.limits();
    }

    /** How many bytes a request may have; less from strangers. */
    int maxFrameBytes(boolean authenticated) {
        int most = properties.socketRequestMaxBytes();
        return authenticated ? most : Math.min(most, limits().preAuthenticationMaxBytes());
    }

    /** 0 or less where connections may be idle for ever. */
    long idleMs() {
        return properties.connectionsMaxIdleMs();
    }

    PageToucher toucher() {
        return toucher;
    }

    Clock clock() {
        return clock;
    }

    Timer timer() {
        return timer;
    }

    NetworkMetrics metrics() {
        return metrics;
    }

    Workload workload() {
        return workload;
    }

    /** Has a line written to the log where there have not been too many lately: peers can cause them at will. */
    void logLine(Consumer<String> line) {
        logLines.write(line);
    }

    /** Meters a burst that held its event loop for too long. */
    void checkStall(long fromNs, long toNs) {
        if (toNs - fromNs > STALL_NS) {
            metrics.stalled(toNs - fromNs);
        }
    }

    void opened(Connection connection, ServerListener listener, EventLoop loop) {
        connections.add(connection);
        listener.count(loops.index(loop), 1);
        traffic(listener).created.increment();
    }

    void closed(Connection connection, ServerListener listener, EventLoop loop) {
        if (connections.remove(connection)) {
            listener.count(loops.index(loop), -1);
            traffic(listener).ended.increment();
        }
    }

    private Traffic traffic(ServerListener listener) {
        return traffic.computeIfAbsent(
                listener.name(), name -> new Traffic(metrics.created(listener), metrics.ended(listener)));
    }

    Set<Connection> connections() {
        return connections;
    }
}
