package io.ottla.app.process;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Whether a restart would help: only when the broker could not start. A broker that recovers its logs, waits for
 * ZooKeeper or stops is alive, and killing it would only make it begin again.
 */
final class BrokerLiveness implements HealthIndicator {
    private final BrokerProcess process;

    BrokerLiveness(BrokerProcess process) {
        this.process = process;
    }

    @Override
    public Health health() {
        RunningBroker.State state = process.state();
        boolean alive = switch (state) {
            case STARTING, RECOVERING, RUNNING, STOPPING, STOPPED -> true;
            case FAILED -> false;
        };
        return (alive ? Health.up() : Health.down()).withDetail("state", state).build();
    }
}
