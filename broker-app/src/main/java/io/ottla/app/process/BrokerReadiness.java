package io.ottla.app.process;

import io.ottla.replication.CatchUp;
import io.ottla.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Whether clients are to be sent here, and whether a rolling restart may go on to the next broker: its logs are open, it
 * is registered and knows the cluster, it leads what it is to lead, its copies are in sync, and it is not on its way out.
 *
 * <p>What is in sync is asked behind a start alone, and for a limited time. A broker that was ready once stays so as long as
 * it serves: copies that fall behind later are no reason to send clients away, and in the other brokers' trouble least of
 * all. What goes for all brokers at once, as ZooKeeper does, is not asked either: produce and fetch go on without it, and
 * an orchestrator that takes all brokers away makes an outage of a nuisance.
 */
final class BrokerReadiness implements HealthIndicator {
    private static final Logger log = LoggerFactory.getLogger(BrokerReadiness.class);

    private final BrokerProcess process;
    private final Duration patience;
    private final Clock clock;
    /** Under this object's lock; null before the broker was first seen to serve. */
    private Long servesSinceNs;

    /** Under this object's lock. */
    private boolean caughtUp;

    /** @param patience how long it waits for its copies to be in sync, before it serves all the same */
    BrokerReadiness(BrokerProcess process, Duration patience, Clock clock) {
        this.process = process;
        this.patience = patience;
        this.clock = clock;
    }

    @Override
    public Health health() {
        RunningBroker.State state = process.state();
        Health.Builder health = switch (state) {
            case RUNNING -> serving();
            case STARTING, RECOVERING, STOPPING, STOPPED -> Health.outOfService();
            case FAILED -> Health.down();
        };
        return health.withDetail("state", state).build();
    }

    private synchronized Health.Builder serving() {
        if (caughtUp) {
            return Health.up();
        }
        CatchUp left = process.catchUp();
        if (left == null) {
            return Health.outOfService();
        }
        if (left.isDone() || isOver(left)) {
            caughtUp = true;
            return Health.up();
        }
        return Health.outOfService().withDetail("opening", left.opening()).withDetail("behind", left.behind());
    }

    private boolean isOver(CatchUp left) {
        long nowNs = clock.monotonicNs();
        if (servesSinceNs == null) {
            servesSinceNs = nowNs;
        }
        boolean over = nowNs - servesSinceNs >= patience.toNanos();
        if (over) {
            log.warn(
                    "Ready, though {} partitions are not open and copies of {} not in sync after {}"
                            + " (ottla.readiness.patience)",
                    left.opening(),
                    left.behind(),
                    patience);
        }
        return over;
    }
}
