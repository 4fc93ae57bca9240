package io.ottla.console.access;

/** What an action is done to. */
public enum ResourceType {
    /** The cluster as such: its brokers, its quotas, its users. */
    CLUSTER,
    TOPIC,
    GROUP,
    /** The console itself: its people and its list of clusters. */
    CONSOLE,
    /** Nobody but himself. */
    ONESELF
}
