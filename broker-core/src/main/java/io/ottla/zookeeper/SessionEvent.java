package io.ottla.zookeeper;

/** What happens to a broker's session with ZooKeeper. */
public sealed interface SessionEvent {
    /**
     * There is a new session: ephemeral nodes and watches of the one before, if there was one, are gone.
     *
     * @param sessionId the owner of ephemeral nodes made from now on
     */
    record Connected(long sessionId) implements SessionEvent {}

    /** The connection is lost, the session may live on: nobody can tell what has become of it. */
    record Suspended() implements SessionEvent {}

    /** The connection is back, in the same session: ephemeral nodes and watches are as they were. */
    record Resumed() implements SessionEvent {}

    /** The session has ended, or lasted too long without a connection to be relied on. */
    record Lost() implements SessionEvent {}
}
