package io.ottla.zookeeper;

import io.ottla.metrics.Counter;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import org.apache.zookeeper.Watcher.Event.KeeperState;

/** Counts what happens to connections, under the names of Kafka's {@code SessionExpireListener}. Thread-safe. */
final class ConnectionMeter {
    private static final String PREFIX = "kafka_server_sessionexpirelistener_zookeeper";

    private final Counter disconnects;
    private final Counter expires;
    private final Counter connects;
    private final Counter authFailures;

    ConnectionMeter(Metrics metrics) {
        this.disconnects = counter(metrics, "disconnects", "Connections to ZooKeeper lost");
        this.expires = counter(metrics, "expires", "Sessions with ZooKeeper that expired");
        this.connects = counter(metrics, "syncconnects", "Connections to ZooKeeper made");
        this.authFailures = counter(metrics, "authfailures", "Times ZooKeeper refused this broker's identity");
    }

    private static Counter counter(Metrics metrics, String what, String help) {
        return metrics.counter(PREFIX + what + "_total", help, Labels.NONE);
    }

    void count(KeeperState state) {
        switch (state) {
            case Disconnected -> disconnects.increment();
            case Expired -> expires.increment();
            case SyncConnected -> connects.increment();
            case AuthFailed -> authFailures.increment();
            default -> {
                // Read-only, closed and SASL states are no events of Kafka's listener.
            }
        }
    }
}
