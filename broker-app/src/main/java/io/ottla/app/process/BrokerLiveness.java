package io.ottla.app.process;

import io.ottla.zookeeper.SessionStatus;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Whether a restart would help. Before the broker serves: as long as it has no session with ZooKeeper, perhaps; while it
 * recovers its logs, never, for it would only begin again. Once it serves: when the listener of the other brokers has
 * closed, which nothing but a fault does. A broker that stops is left alone.
 *
 * <p>How it is with ZooKeeper while it serves is not asked: a restart would not bring that back.
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
            case STARTING -> hasSession(process.zooKeeper());
            case RECOVERING, STOPPING, STOPPED -> true;
            case RUNNING -> process.isListening();
            case FAILED -> false;
        };
        return (alive ? Health.up() : Health.down()).withDetail("state", state).build();
    }

    private static boolean hasSession(SessionStatus status) {
        return status != null && status.state() != SessionStatus.State.NONE;
    }
}
