package io.ottla.network;

import io.ottla.metrics.Counter;
import io.ottla.metrics.Distribution;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import io.ottla.time.Clock;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** The meters of connections, loops and memory. Thread-safe. */
final class NetworkMetrics {
    private static final String SOCKETS = "kafka_server_socket_server_metrics_";

    private static final String CONNECTIONS = SOCKETS + "connection_count";
    private static final String BLOCKED = "kafka_network_acceptor_acceptorblocked_percent";

    private final Metrics metrics;
    private final Counter refused;
    private final Counter expired;
    private final Counter stalls;
    private final Distribution stallTimes;

    NetworkMetrics(Metrics metrics) {
        this.metrics = metrics;
        refused = metrics.counter(
                "ottla_network_connections_refused_total",
                "Connections closed for a request that can't be answered",
                Labels.NONE);
        expired = metrics.counter(
                SOCKETS + "expired_connections_killed_count_total",
                "Connections closed because they were idle",
                Labels.NONE);
        stalls = metrics.counter(
                "ottla_network_loop_stalls_total",
                "Bursts of requests that held an event loop for over 10 ms",
                Labels.NONE);
        stallTimes = metrics.distribution(
                "ottla_network_loop_stall_ms", "How long those held it, milliseconds", Labels.NONE, 1e-6);
    }

    void refused() {
        refused.increment();
    }

    void expired() {
        expired.increment();
    }

    void stalled(long ns) {
        stalls.increment();
        stallTimes.record(ns);
    }

    void turnedAway(ServerListener listener) {
        metrics.counter(
                        SOCKETS + "connections_turned_away_total",
                        "Connections refused by max.connections.per.ip",
                        Labels.of("listener", listener.name()))
                .increment();
    }

    /** What is shown of a listener on each loop. */
    void watch(ServerListener listener, int processors) {
        for (int i = 0; i < processors; i++) {
            int processor = i;
            metrics.gauge(CONNECTIONS, "Open connections", onLoop(listener, i), () -> listener.connections(processor));
        }
    }

    private static Labels onLoop(ServerListener listener, int processor) {
        return Labels.of("listener", listener.name(), "networkProcessor", Integer.toString(processor));
    }

    /** Shows no more of a listener. */
    void forget(ServerListener listener, int processors) {
        for (int i = 0; i < processors; i++) {
            metrics.remove(CONNECTIONS, onLoop(listener, i));
        }
        metrics.remove(BLOCKED, Labels.of("listener", listener.name()));
    }

    /** What is shown of a listener's door. */
    void watch(ServerListener listener, ConnectionGate gate, Clock clock) {
        AtomicLong lastBlocked = new AtomicLong(gate.blockedNs());
        AtomicLong lastSeen = new AtomicLong(clock.monotonicNs());
        metrics.gauge(
                BLOCKED,
                "Share of the time since the last reading in which the listener did not accept, 0 to 1",
                Labels.of("listener", listener.name()),
                () -> {
                    long blocked = gate.blockedNs();
                    long now = clock.monotonicNs();
                    long share = blocked - lastBlocked.getAndSet(blocked);
                    return (double) share / Math.max(1, now - lastSeen.getAndSet(now));
                });
    }

    Counter created(ServerListener listener) {
        return metrics.counter(
                SOCKETS + "connection_creation_total", "Connections opened", Labels.of("listener", listener.name()));
    }

    Counter ended(ServerListener listener) {
        return metrics.counter(
                SOCKETS + "connection_close_total", "Connections closed", Labels.of("listener", listener.name()));
    }

    /** @param serving how many of the loops have connections */
    void watch(EventLoops loops, IntSupplier serving, Workload workload, Clock clock) {
        metrics.gauge(
                "kafka_network_socketserver_networkprocessoravgidle_percent",
                "Share of the time since the last reading that event loops did not use a processor, 0 to 1",
                Labels.NONE,
                idle(loops::cpuNs, serving, clock));
        metrics.gauge(
                "ottla_network_buffer_bytes",
                "Memory that buffers of connections have taken from the system",
                Labels.NONE,
                loops::bufferBytes);
        metrics.gauge(
                "kafka_server_kafkarequesthandlerpool_requesthandleravgidle_percent",
                "Share of the time since the last reading in which event loops ran no request, 0 to 1",
                Labels.NONE,
                idle(workload.busyNs()::sum, serving, clock));
        metrics.gauge(
                "kafka_network_requestchannel_requestqueuesize",
                "Requests that left their event loop before their place was fixed",
                Labels.NONE,
                workload.requests()::sum);
        metrics.gauge(
                "kafka_network_requestchannel_responsequeuesize",
                "Answers that are ready and wait for earlier ones or for their socket",
                Labels.NONE,
                workload.answers()::sum);
    }

    /** The share of the time between two readings that so many loops did not use. */
    private static DoubleSupplier idle(LongSupplier usedNs, IntSupplier loops, Clock clock) {
        AtomicLong lastUsed = new AtomicLong(usedNs.getAsLong());
        AtomicLong lastSeen = new AtomicLong(clock.monotonicNs());
        return () -> {
            long used = usedNs.getAsLong();
            long now = clock.monotonicNs();
            double share = used - lastUsed.getAndSet(used);
            double all = (double) Math.max(1, now - lastSeen.getAndSet(now)) * loops.getAsInt();
            return Math.max(0, Math.min(1, 1 - share / all));
        };
    }

    void watch(MemoryBudget budget, PageToucher toucher) {
        metrics.gauge(
                "kafka_network_socketserver_memorypoolused",
                "Bytes of large client requests in memory",
                Labels.NONE,
                budget::used);
        metrics.gauge(
                "kafka_network_socketserver_memorypoolavailable",
                "Bytes of client requests that there is room for",
                Labels.NONE,
                () -> Math.max(0, budget.limit() - budget.used()));
        metrics.gauge(
                "ottla_network_memory_waiters",
                "Connections that are not read from until others give memory back",
                Labels.NONE,
                budget::waiting);
        metrics.gauge(
                "ottla_network_cold_reads_waiting",
                "Answers that wait for old log data to be read",
                Labels.NONE,
                toucher::waiting);
    }
}
