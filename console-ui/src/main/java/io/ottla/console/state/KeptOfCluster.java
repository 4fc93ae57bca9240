package io.ottla.console.state;

/** Something that is kept for a cluster, beside how it is reached. */
public interface KeptOfCluster {
    /** The cluster has been taken away: another one of this key, added later, is to begin without. */
    void forget(String key);
}
