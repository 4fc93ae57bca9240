package io.ottla.app.process;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Whether the broker serves clients: its logs are open, it is registered and knows the cluster, and it is not on its way
 * out. What goes for all brokers at once, as ZooKeeper does, is not asked: produce and fetch go on without it, and an
 * orchestrator that takes all brokers away makes an outage of a nuisance.
 */
final class BrokerReadiness implements HealthIndicator {
    private final BrokerProcess process;

    BrokerReadiness(BrokerProcess process) {
        this.process = process;
    }

    @Override
    public Health health() {
        RunningBroker.State state = process.state();
        Health.Builder health = switch (state) {
            case RUNNING -> Health.up();
            case STARTING, RECOVERING, STOPPING, STOPPED -> Health.outOfService();
            case FAILED -> Health.down();
        };
        return health.withDetail("state", state).build();
    }
}
