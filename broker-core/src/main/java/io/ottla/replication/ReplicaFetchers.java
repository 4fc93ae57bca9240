package io.ottla.replication;

import io.ottla.config.FetcherProperties;
import io.ottla.peer.PeerClient;
import io.ottla.types.BrokerId;
import java.util.HashMap;
import java.util.Map;

/**
 * Spreads the partitions that this broker follows over {@link ReplicaFetcher}s: so many for each broker that leads some. Any
 * thread may say that a partition's role has changed; what counts is the role that it has by then.
 */
final class ReplicaFetchers {
    private final BrokerId self;
    private final FetcherProperties terms;
    private final ReplicationThrottle throttle;
    private final ReplicationPorts ports;
    private final ReplicationMeter meter;
    private final Map<PeerClient.Lane, ReplicaFetcher> fetchers = new HashMap<>();
    private final Map<Partition, PeerClient.Lane> places = new HashMap<>();
    private int perLeader;
    private boolean closed;

    /** @param throttle of what is fetched for throttled replicas */
    ReplicaFetchers(BrokerId self, FetcherProperties terms, ReplicationThrottle throttle, ReplicationPorts ports) {
        this.self = self;
        this.terms = terms;
        this.throttle = throttle;
        this.ports = ports;
        this.meter = new ReplicationMeter(ports.metrics());
        this.perLeader = terms.fetchers();
    }

    /** A partition's role has changed. */
    synchronized void look(Partition partition) {
        Role.Following role = partition.role() instanceof Role.Following following
                        && !following.leader().isNone()
                ? following
                : null;
        PeerClient.Lane before = places.get(partition);
        PeerClient.Lane now = role == null || closed ? null : lane(role.leader(), partition);
        if (before != null && !before.equals(now)) {
            places.remove(partition);
            fetchers.get(before).unfollow(partition);
        }
        if (now != null) {
            places.put(partition, now);
            fetchers.computeIfAbsent(now, lane -> new ReplicaFetcher(lane, terms, throttle, meter, ports, self.value()))
                    .follow(partition, role);
        }
    }

    private PeerClient.Lane lane(BrokerId leader, Partition partition) {
        return new PeerClient.Lane(
                leader,
                PeerClient.Purpose.REPLICATION,
                Math.floorMod(
                        31 * partition.name().topic().hashCode()
                                + partition.name().partition(),
                        perLeader));
    }

    /** Goes on with so many for each leader. */
    synchronized void resize(int count) {
        if (count != perLeader) {
            perLeader = count;
            Map.copyOf(places).keySet().forEach(this::look);
        }
    }

    /** A broker is there, perhaps again: whoever waits before it tries again does so now. */
    synchronized void arrived(BrokerId broker) {
        fetchers.forEach((lane, fetcher) -> {
            if (lane.broker().equals(broker)) {
                fetcher.hurry();
            }
        });
    }

    /** Committed records that the one lacks that lags most. */
    synchronized long maxLag() {
        long most = 0;
        for (ReplicaFetcher fetcher : fetchers.values()) {
            most = Math.max(most, fetcher.maxLag());
        }
        return most;
    }

    /** Answers a second, since it was asked last, of the connection that gets fewest; 0 where nothing is followed. */
    synchronized double minRate() {
        double least = Double.POSITIVE_INFINITY;
        for (ReplicaFetcher fetcher : fetchers.values()) {
            double rate = fetcher.rate();
            if (fetcher.follows()) {
                least = Math.min(least, rate);
            }
        }
        return least == Double.POSITIVE_INFINITY ? 0 : least;
    }

    synchronized void close() {
        closed = true;
        fetchers.values().forEach(ReplicaFetcher::close);
        places.clear();
    }
}
