package io.ottla.network;

import io.ottla.config.NetworkProperties;
import java.io.IOException;
import java.util.List;

/** A broker's listeners, as the rest of it sees them. Thread-safe but for the order of a life: bind, accept, close. */
public interface BrokerServer extends AutoCloseable {
    /**
     * Listens on every listener. Who connects waits in the backlog until {@link #startAccepting}.
     *
     * @throws IOException where an address can't be listened on; names the setting and the address. Nothing stays open
     */
    void bind() throws IOException;

    /** Serves who connects from now on. */
    void startAccepting();

    /**
     * Goes on with other limits of connections, another number of event loops, and listeners that come or go: what is
     * dynamic (KIP-226); the rest of {@code changed} does not count. A listener that goes lets requests that were begun
     * be answered. What can't be done is left as it is. Blocks until all is done.
     *
     * @return what could not be done, and why: for the log
     */
    List<String> reconfigure(NetworkProperties changed);

    /** The listeners with the ports that they really have. After {@link #bind}. */
    List<NetworkProperties.Listener> boundListeners();

    /** Whether the listener that other brokers connect to is open. */
    boolean isListening();

    /** Stops accepting, lets requests that were begun be answered for a while, and closes all connections. Blocks meanwhile. */
    @Override
    void close();
}
