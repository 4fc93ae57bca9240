package io.ottla.network;

import io.ottla.config.NetworkProperties.Connections;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** How many connections there are, in all and by address, over all listeners. Thread-safe. */
final class ConnectionCounts {
    private final Connections limits;
    private final Map<InetAddress, Integer> overrides = new HashMap<>();
    private final AtomicInteger total = new AtomicInteger();
    private final ConcurrentHashMap<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();
    private final CopyOnWriteArrayList<Runnable> freed = new CopyOnWriteArrayList<>();

    /** Looks the names in the overrides up, which may take a while. */
    ConnectionCounts(Connections limits) throws UnknownHostException {
        this.limits = limits;
        for (Map.Entry<String, Integer> override : limits.maxPerIpOverrides().entrySet()) {
            try {
                overrides.put(InetAddress.getByName(override.getKey()), override.getValue());
            } catch (UnknownHostException unknown) {
                UnknownHostException named =
                        new UnknownHostException("max.connections.per.ip.overrides: expected a host "
                                + "name or address, but " + override.getKey() + " is not known");
                named.initCause(unknown);
                throw named;
            }
        }
    }

    /** Counts a connection in where its address may have another. */
    boolean admit(InetAddress address) {
        int max = overrides.getOrDefault(address, limits.maxPerIp());
        int now = byAddress.merge(address, 1, Integer::sum);
        if (now > max) {
            leave(address);
            return false;
        }
        total.incrementAndGet();
        return true;
    }

    /** Counts an admitted connection out. */
    void release(InetAddress address) {
        leave(address);
        total.decrementAndGet();
        for (Runnable waiter : freed) {
            waiter.run();
        }
    }

    private void leave(InetAddress address) {
        byAddress.computeIfPresent(address, (a, count) -> count == 1 ? null : count - 1);
    }

    /** Whether there is room for one more on a listener that heeds the limit of the whole broker. */
    boolean hasRoom() {
        return total.get() < limits.max();
    }

    /** Is told after every connection that ends. */
    void onFreed(Runnable waiter) {
        freed.add(waiter);
    }

    int total() {
        return total.get();
    }
}
