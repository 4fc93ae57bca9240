package io.ottla.network;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.ottla.config.NetworkProperties.Listener;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/** One named listener: its address, its share of loops and memory, and who is connected. Thread-safe. */
final class ServerListener {
    private final Listener configured;
    private final boolean interBroker;
    private final boolean shielded;
    private final ListenerSecurity security;
    private final EventLoopGroup loops;
    private final MemoryBudget budget;
    private final Map<Integer, Integer> connections = new ConcurrentHashMap<>();
    private volatile Channel channel;

    /** @param shielded whether brokers have it to themselves, so that clients' limits do not hold here */
    ServerListener(
            Listener configured,
            boolean interBroker,
            boolean shielded,
            ListenerSecurity security,
            EventLoopGroup loops,
            MemoryBudget budget) {
        this.configured = configured;
        this.interBroker = interBroker;
        this.shielded = shielded;
        this.security = security;
        this.loops = loops;
        this.budget = budget;
    }

    Listener configured() {
        return configured;
    }

    String name() {
        return configured.name();
    }

    SecurityProtocol protocol() {
        return configured.protocol();
    }

    boolean isInterBroker() {
        return interBroker;
    }

    /** Whether it heeds only limits of its own, so that clients can't lock brokers out. */
    boolean isShielded() {
        return shielded;
    }

    ListenerSecurity security() {
        return security;
    }

    EventLoopGroup loops() {
        return loops;
    }

    MemoryBudget budget() {
        return budget;
    }

    void bound(Channel to) {
        channel = to;
    }

    /** Null before it is bound. */
    Channel channel() {
        return channel;
    }

    void count(int processor, int change) {
        connections.merge(processor, change, Integer::sum);
    }

    /** Connections on one loop. */
    int connections(int processor) {
        return connections.getOrDefault(processor, 0);
    }
}
