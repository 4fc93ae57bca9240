package io.ottla.network;

import io.ottla.config.NetworkProperties.Connections;
import io.ottla.time.Allowance;
import io.ottla.time.Clock;
import java.util.HashMap;
import java.util.Map;

/** How fast connections may come, to the broker and to each listener; the limits may change (KIP-612). Thread-safe. */
final class ConnectionRates {
    private static final int UNLIMITED = Integer.MAX_VALUE;

    /** @param ofBroker null where there is no limit */
    private record Rates(Connections limits, Allowance ofBroker, Map<String, Allowance> byListener) {}

    private final Clock clock;
    private volatile Rates rates = new Rates(Connections.UNLIMITED, null, Map.of());

    ConnectionRates(Clock clock, Connections limits) {
        this.clock = clock;
        limit(limits);
    }

    /** Goes by other limits. Where one is as before, what was taken of it counts on. */
    synchronized void limit(Connections limits) {
        Rates before = rates;
        Map<String, Allowance> byListener = new HashMap<>();
        limits.maxCreationRateByListener().forEach((listener, perSecond) -> {
            Integer former = before.limits.maxCreationRateByListener().get(listener);
            if (perSecond < UNLIMITED) {
                byListener.put(
                        listener, perSecond.equals(former) ? before.byListener.get(listener) : allowance(perSecond));
            }
        });
        int ofBroker = limits.maxCreationRate();
        Allowance broker = ofBroker == before.limits.maxCreationRate() ? before.ofBroker : allowance(ofBroker);
        rates = new Rates(limits, broker, Map.copyOf(byListener));
    }

    private Allowance allowance(int perSecond) {
        return perSecond == UNLIMITED ? null : new Allowance(clock, Math.max(1, perSecond));
    }

    /** Takes a connection and returns 0, or says in how many milliseconds there will be one to take. */
    long take(ServerListener listener) {
        Rates now = rates;
        long waitMs = now.ofBroker == null || listener.isShielded() ? 0 : now.ofBroker.take();
        Allowance own = waitMs > 0 ? null : now.byListener.get(listener.name());
        return own == null ? waitMs : own.take();
    }
}
