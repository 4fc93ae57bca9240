package io.ottla.app.process;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Whether the broker serves clients. */
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
