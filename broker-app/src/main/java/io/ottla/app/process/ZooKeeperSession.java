package io.ottla.app.process;

import io.ottla.zookeeper.SessionStatus;
import java.time.Instant;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Whether there is a session with ZooKeeper, for those who look on: no probe asks this. While only its connection is
 * broken all goes on: that is said in the details. Without a session produce and fetch go on, but nothing can change.
 */
final class ZooKeeperSession implements HealthIndicator {
    private static final String SESSION = "session";

    private final BrokerProcess process;

    ZooKeeperSession(BrokerProcess process) {
        this.process = process;
    }

    @Override
    public Health health() {
        SessionStatus status = process.zooKeeper();
        if (status == null) {
            return Health.outOfService().withDetail(SESSION, "none yet").build();
        }
        Instant since = Instant.ofEpochMilli(status.sinceMs());
        return switch (status.state()) {
            case CONNECTED ->
                Health.up().withDetail(SESSION, "connected since " + since).build();
            case DISCONNECTED ->
                Health.up()
                        .withDetail(SESSION, "connection lost since " + since)
                        .build();
            case NONE ->
                Health.outOfService().withDetail(SESSION, "none since " + since).build();
        };
    }
}
