package io.ottla.replication;

import io.ottla.config.ReplicationProperties;
import io.ottla.config.ThrottleProperties;
import io.ottla.types.BrokerId;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What moves records between brokers: followers fetch, leaders watch who keeps up. Between {@link #start} and {@link #close};
 * thread-safe.
 */
public final class Replication {
    private static final Logger LOG = LoggerFactory.getLogger(Replication.class);

    private final Replicas replicas;
    private final ReplicationProperties properties;
    private final ReplicationPorts ports;
    private final ReplicaFetchers fetchers;
    private final InSyncProposer proposer;
    private final ReplicationThrottle sending;
    private final ReplicationThrottle fetching;
    private volatile boolean closed;

    /** Takes part in everything that {@code replicas} does from now on: to be made before their first image. */
    public Replication(Replicas replicas, ReplicationProperties properties, ReplicationPorts ports) {
        this.replicas = replicas;
        this.properties = properties;
        this.ports = ports;
        ThrottleProperties throttles = properties.throttles();
        this.sending = throttle(throttles.leaderBytesPerSecond());
        this.fetching = throttle(throttles.followerBytesPerSecond());
        this.fetchers = new ReplicaFetchers(replicas.self(), properties.fetcher(), fetching, ports);
        ReplicationMeter.show(ports.metrics(), fetchers, sending, fetching);
        this.proposer = new InSyncProposer(replicas.self(), ports, replicas::inSyncRefused);
        replicas.replicateBy(this);
    }

    private ReplicationThrottle throttle(long bytesPerSecond) {
        return new ReplicationThrottle(
                bytesPerSecond,
                properties.throttles().windows(),
                properties.throttles().windowSeconds(),
                ports.clock());
    }

    /** Begins to look for followers that lag. */
    public void start() {
        scheduleCheck();
    }

    /** Puts into force what can be changed at run time: how many fetch from each other broker, and the throttles' rates. */
    public void reconfigure(ReplicationProperties changed) {
        fetchers.resize(changed.fetcher().fetchers());
        sending.allow(changed.throttles().leaderBytesPerSecond());
        fetching.allow(changed.throttles().followerBytesPerSecond());
    }

    /** Fetches and proposes nothing any more. */
    public void close() {
        closed = true;
        fetchers.close();
        proposer.close();
    }

    /** What leaders here send of throttled replicas. */
    ReplicationThrottle sending() {
        return sending;
    }

    long lagNs() {
        return properties.replicaLagTimeMaxMs() * 1_000_000;
    }

    void roleChanged(Partition partition) {
        fetchers.look(partition);
    }

    void proposes(Partition partition) {
        proposer.proposes(partition);
    }

    void arrived(BrokerId broker) {
        fetchers.arrived(broker);
    }

    void lookThrough(LeadersCopy copy, LeadersCopy.Asker asker) {
        new CopyCheck(copy, asker, properties.fetcher(), ports, replicas.self(), () -> closed).begin();
    }

    long nowNs() {
        return ports.clock().monotonicNs();
    }

    private void scheduleCheck() {
        ports.timer().schedule(Math.max(1, properties.replicaLagTimeMaxMs() / 2), () -> {
            if (closed) {
                return;
            }
            try {
                ports.workers().execute(this::check);
            } catch (RejectedExecutionException full) {
                LOG.warn("Whether followers lag is looked at next time: the workers have too much to do");
            }
            scheduleCheck();
        });
    }

    private void check() {
        long nowNs = ports.clock().monotonicNs();
        replicas.each(partition -> partition.checkInSync(nowNs));
    }
}
