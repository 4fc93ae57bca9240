package io.ottla.console.access;

/** What an action is done to. */
public enum ResourceType {
    /** The cluster, of which somebody sees and changes what belongs to his topics and groups. */
    CLUSTER,
    /** The cluster as a whole, its brokers, its quotas, its users: what is done there concerns every topic and group. */
    WHOLE_CLUSTER,
    TOPIC,
    GROUP,
    /** The console itself: its people and its list of clusters. */
    CONSOLE,
    /** Nobody but himself. */
    ONESELF
}
