package io.ottla.zookeeper;

/**
 * How a broker's session with ZooKeeper stands.
 *
 * @param sinceMs since when, in milliseconds since 1970
 */
public record SessionStatus(State state, long sinceMs) {
    /** What there is. */
    public enum State {
        /** No session: none yet, or it is over. Nothing that the cluster decides reaches this broker. */
        NONE,
        /** A session that is connected. */
        CONNECTED,
        /** A session without a connection at the moment: whoever is served goes on being served. */
        DISCONNECTED
    }
}
