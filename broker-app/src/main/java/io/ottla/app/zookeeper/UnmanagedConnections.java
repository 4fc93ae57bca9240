package io.ottla.app.zookeeper;

import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ServerCnxn;

/** Connections without JMX beans; see {@link UnmanagedServer}. */
final class UnmanagedConnections extends NIOServerCnxnFactory {
    @Override
    public void registerConnection(ServerCnxn connection) {
        // Nothing to register.
    }

    @Override
    public void unregisterConnection(ServerCnxn connection) {
        // Nothing was registered.
    }
}
