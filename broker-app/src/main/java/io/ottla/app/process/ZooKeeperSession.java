package io.ottla.app.process;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Whether the session with ZooKeeper stands. Without it produce and fetch go on, but nothing can change. */
final class ZooKeeperSession implements HealthIndicator {
    private final BrokerProcess process;

    ZooKeeperSession(BrokerProcess process) {
        this.process = process;
    }

    @Override
    public Health health() {
        return (process.zooKeeperConnected() ? Health.up() : Health.outOfService()).build();
    }
}
