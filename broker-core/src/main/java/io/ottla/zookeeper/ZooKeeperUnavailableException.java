package io.ottla.zookeeper;

import io.ottla.config.ZooKeeperProperties;
import java.io.IOException;

/** A start could not get from ZooKeeper what it needs; the message is for the operator. */
public final class ZooKeeperUnavailableException extends IOException {
    private static final long serialVersionUID = 1;

    ZooKeeperUnavailableException(String message) {
        super(message);
    }

    ZooKeeperUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }

    static ZooKeeperUnavailableException noAnswer(ZooKeeperProperties properties) {
        return new ZooKeeperUnavailableException("Expected an answer from ZooKeeper at " + properties.connect()
                + " (zookeeper.connect) within " + properties.connectionTimeoutMs()
                + " ms (zookeeper.connection.timeout.ms), but there was none; is it running and reachable?");
    }
}
