package io.ottla.cluster;

import io.ottla.metadata.BrokerImage;
import io.ottla.peer.PeerClient.Presence;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A controller's knowledge of who lives. A broker holds a lease from poll to poll. Where the connection of its last poll
 * breaks somebody knocks, a few times within a second: refused means dead, and anything else leaves the matter to the
 * lease. Who is silent for a lease is fenced: it leads nothing until it polls again.
 *
 * <pre>
 *               polls                        connection gone, knock refused
 *   registered ───────▶ live ─────────────────────────────────────────────────▶ fenced
 *        │               ▲  └──────────────── silent for a lease ──────────────▶   │
 *        └── the same ───┼──────────────────────────────────────────────────────▶ │
 *                        └──────────────────────── polls ─────────────────────────┘
 * </pre>
 *
 * <p>Safety does not rest on any of it: a wrong suspicion moves leaders (DESIGN §5). A controller that stalled itself has
 * no right to judge: where more than half a lease has passed between two of its own ticks all leases begin anew.
 *
 * <p>Pure: time comes in, effects go out. Not thread-safe.
 */
final class LeaseMachine {
    /** What is to be done. */
    sealed interface Effect {
        /**
         * Knock after a while, where {@link LeaseMachine#isSuspect} still holds, and tell {@link LeaseMachine#probed} with
         * the same numbers.
         *
         * @param attempt how often it was knocked before
         */
        record Probe(BrokerId broker, BrokerEpoch epoch, long poll, int attempt) implements Effect {
            long delayMs() {
                return attempt == 0 ? 0 : FIRST_PAUSE_MS << attempt - 1;
            }
        }

        /** @param refused whether its process is gone; else it was silent for a lease */
        record Fence(BrokerId broker, BrokerEpoch epoch, boolean refused) implements Effect {}

        record Unfence(BrokerId broker, BrokerEpoch epoch) implements Effect {}

        /** It polled, was silent for a lease, and no image has ever had it: it is not registered, as far as is known. */
        record Forget(BrokerId broker, BrokerEpoch epoch) implements Effect {}
    }

    /** No poll: of a broker that has not polled in this term, or of one that is not who it says it is. */
    static final long NO_POLL = 0;

    /**
     * How often it is knocked at most. A dying process's connections may close before its listener does, and a listener
     * takes who comes into its queue: so once is not enough to find nobody there.
     */
    static final int MOST_KNOCKS = 5;

    private static final long FIRST_PAUSE_MS = 50;
    private static final int LAST_CONTROLLERS_PART = 3;

    private final BrokerId self;
    private final long leaseNs;
    private final Map<BrokerId, Lease> leases = new HashMap<>();
    private boolean opened;
    private long lastTickNs;
    private long polls;

    private static final class Lease {
        private final BrokerEpoch epoch;
        private long deadlineNs;
        private long poll = NO_POLL;
        private boolean registered;
        private boolean fenced;
        private boolean refused;
        /** That of the registration that an image had last, as long as none has this one; null where there is none. */
        private Lease before;

        Lease(BrokerEpoch epoch, long deadlineNs) {
            this.epoch = epoch;
            this.deadlineNs = deadlineNs;
        }
    }

    /**
     * A term begins.
     *
     * @param self the controller's own broker, which it never suspects
     */
    LeaseMachine(BrokerId self, long leaseNs, long nowNs) {
        this.self = self;
        this.leaseNs = leaseNs;
        this.lastTickNs = nowNs;
    }

    /**
     * Who was known before the store has been read: it is knocked at their doors at once, so that nobody who died with the
     * controller is elected. The last controller itself gets no whole lease: its term ended because others had not heard from it
     * for one, and where it lives it hears of the new one as soon as they do.
     */
    List<Effect> expect(Collection<BrokerImage> brokers, BrokerId lastController, long nowNs) {
        List<Effect> effects = new ArrayList<>();
        for (BrokerImage broker : brokers) {
            if (!broker.id().equals(self)) {
                long patienceNs = broker.id().equals(lastController) ? leaseNs / LAST_CONTROLLERS_PART : leaseNs;
                leases.put(broker.id(), new Lease(broker.epoch(), nowNs + patienceNs));
                effects.add(new Effect.Probe(broker.id(), broker.epoch(), NO_POLL, 0));
            }
        }
        return effects;
    }

    /**
     * Who is registered and not fenced, by the image that was just published. Who should not be in it is fenced once more:
     * the image may be older than the news, or its maker may have read the store again since.
     */
    List<Effect> registered(Collection<BrokerImage> brokers, long nowNs) {
        List<Effect> effects = new ArrayList<>();
        Set<BrokerId> present = new HashSet<>();
        for (BrokerImage broker : brokers) {
            if (broker.id().equals(self)) {
                continue;
            }
            present.add(broker.id());
            Lease lease = leases.get(broker.id());
            if (lease == null || lease.epoch.compareTo(broker.epoch()) < 0) {
                lease = new Lease(broker.epoch(), nowNs + leaseNs);
                leases.put(broker.id(), lease);
                if (!opened) {
                    effects.add(new Effect.Probe(broker.id(), broker.epoch(), NO_POLL, 0));
                }
            }
            if (lease.epoch.equals(broker.epoch())) {
                lease.registered = true;
                lease.before = null;
            }
            if (lease.fenced && lease.epoch.equals(broker.epoch())) {
                effects.add(new Effect.Fence(broker.id(), lease.epoch, lease.refused));
            }
        }
        // Who withdrew is nobody's concern; who is fenced is not in the image for that reason.
        leases.entrySet()
                .removeIf(entry -> !present.contains(entry.getKey())
                        && !entry.getValue().fenced
                        && (entry.getValue().registered || !opened && entry.getValue().poll == NO_POLL));
        opened = true;
        return effects;
    }

    /**
     * A broker polls.
     *
     * @param effects taken up by the caller
     * @return the poll's number; {@link #NO_POLL} where it is of an earlier registration than one that is known
     */
    long polled(BrokerId broker, BrokerEpoch epoch, long nowNs, List<Effect> effects) {
        Lease lease = leases.get(broker);
        int compared = lease == null ? -1 : lease.epoch.compareTo(epoch);
        if (compared > 0) {
            return NO_POLL;
        }
        if (compared < 0) {
            Lease next = new Lease(epoch, 0);
            next.before = lease == null || lease.registered ? lease : lease.before;
            leases.put(broker, next);
            lease = next;
        }
        lease.deadlineNs = nowNs + leaseNs;
        lease.poll = ++polls;
        if (lease.fenced) {
            lease.fenced = false;
            effects.add(new Effect.Unfence(broker, epoch));
        }
        return lease.poll;
    }

    /** The connection that brought that poll is gone. */
    List<Effect> gone(BrokerId broker, long poll) {
        Lease lease = leases.get(broker);
        return lease == null || lease.fenced || lease.poll != poll || broker.equals(self)
                ? List.of()
                : List.of(new Effect.Probe(broker, lease.epoch, poll, 0));
    }

    /** Whether nothing has been heard of it since. */
    boolean isSuspect(Effect.Probe probe) {
        Lease lease = leases.get(probe.broker());
        return lease != null && !lease.fenced && lease.epoch.equals(probe.epoch()) && lease.poll == probe.poll();
    }

    /** What a knock found. */
    List<Effect> probed(Effect.Probe probe, Presence found) {
        if (!isSuspect(probe)) {
            return List.of();
        }
        if (found == Presence.REFUSED) {
            Lease lease = leases.get(probe.broker());
            lease.fenced = true;
            lease.refused = true;
            return List.of(new Effect.Fence(probe.broker(), lease.epoch, true));
        }
        int next = probe.attempt() + 1;
        return next == MOST_KNOCKS
                ? List.of()
                : List.of(new Effect.Probe(probe.broker(), probe.epoch(), probe.poll(), next));
    }

    /** Time has passed; to be told several times a lease. */
    List<Effect> tick(long nowNs) {
        boolean stalled = nowNs - lastTickNs > leaseNs / 2;
        lastTickNs = nowNs;
        List<Effect> effects = new ArrayList<>();
        for (BrokerId broker : List.copyOf(leases.keySet())) {
            Lease lease = leases.get(broker);
            if (lease.fenced) {
                continue;
            }
            if (stalled) {
                lease.deadlineNs = nowNs + leaseNs;
            } else if (nowNs - lease.deadlineNs >= 0 && !broker.equals(self)) {
                effects.add(opened && !lease.registered ? forget(broker, lease, nowNs) : fence(broker, lease));
            }
        }
        return effects;
    }

    private static Effect fence(BrokerId broker, Lease lease) {
        lease.fenced = true;
        lease.refused = false;
        return new Effect.Fence(broker, lease.epoch, false);
    }

    /** Whoever polled under a registration that nobody has seen must not stand in the way of one that was. */
    private Effect forget(BrokerId broker, Lease lease, long nowNs) {
        if (lease.before == null) {
            leases.remove(broker);
        } else {
            // Its polls were refused meanwhile.
            lease.before.deadlineNs = nowNs + leaseNs;
            leases.put(broker, lease.before);
        }
        return new Effect.Forget(broker, lease.epoch);
    }

    boolean isFenced(BrokerId broker) {
        Lease lease = leases.get(broker);
        return lease != null && lease.fenced;
    }

    /** Brokers whose lease runs. */
    int running() {
        int running = 0;
        for (Lease lease : leases.values()) {
            running += lease.fenced ? 0 : 1;
        }
        return running;
    }
}
