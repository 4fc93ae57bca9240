package io.ottla.app.zookeeper;

import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;

/** A server without JMX beans: they cost more than half of its start, and its figures are the broker's to show. */
final class UnmanagedServer extends ZooKeeperServer {
    UnmanagedServer(FileTxnSnapLog files, int tickMs, int minSessionMs, int maxSessionMs, int backlog) {
        super(files, tickMs, minSessionMs, maxSessionMs, backlog, null, "");
    }

    @Override
    protected void registerJMX() {
        // Nothing to register.
    }

    @Override
    protected void unregisterJMX() {
        // Nothing was registered.
    }
}
