package io.ottla.network;

import io.ottla.config.NetworkProperties.Connections;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many connections there are, in all and by address, over all listeners, and how many there may be, which may change:
 * a lower limit closes none that are there. Thread-safe.
 */
final class ConnectionCounts {
    private record Limits(Connections configured, Map<InetAddress, Integer> overrides) {}

    private volatile Limits limits;
    private final AtomicInteger total = new AtomicInteger();
    private final ConcurrentHashMap<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();
    private final CopyOnWriteArrayList<Runnable> freed = new CopyOnWriteArrayList<>();

    /** Looks the names in the overrides up, which may take a while. */
    ConnectionCounts(Connections limits) throws UnknownHostException {
        limit(limits);
    }

    /**
     * Goes by other limits. Looks the names in the overrides up, which may take a while.
     *
     * @throws UnknownHostException where one can't be found; the limits are as before
     */
    void limit(Connections changed) throws UnknownHostException {
        Map<InetAddress, Integer> overrides = new HashMap<>();
        for (Map.Entry<String, Integer> override : changed.maxPerIpOverrides().entrySet()) {
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
        limits = new Limits(changed, Map.copyOf(overrides));
    }

    /** Counts a connection in where its address may have another. */
    boolean admit(InetAddress address) {
        Limits now = limits;
        int max = now.overrides.getOrDefault(address, now.configured.maxPerIp());
        int count = byAddress.merge(address, 1, Integer::sum);
        if (count > max) {
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
        return total.get() < limits.configured.max();
    }

    /** How many a listener may have by a limit of its own. */
    int maxOf(ServerListener listener) {
        return limits.configured.maxByListener().getOrDefault(listener.name(), Integer.MAX_VALUE);
    }

    /** Is told after every connection that ends. */
    void onFreed(Runnable waiter) {
        freed.add(waiter);
    }

    /** Is told no more. */
    void forget(Runnable waiter) {
        freed.remove(waiter);
    }

    int total() {
        return total.get();
    }
}
