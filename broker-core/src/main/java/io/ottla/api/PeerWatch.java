package io.ottla.api;

/** Tells that whoever is at the other end of a connection has gone. */
@FunctionalInterface
public interface PeerWatch {
    /** Of callers that can't go. */
    PeerWatch NONE = listener -> {};

    /**
     * Tells once when the peer has closed the connection, or its side of it; at once where it has. A later listener of the
     * same connection takes the place of an earlier one. On the connection's event loop.
     */
    void whenGone(Runnable listener);
}
