package io.ottla.zookeeper;

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
}
