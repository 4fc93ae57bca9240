package io.ottla.console.state;

import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ManagedCluster;

/** Something that is kept for a cluster, beside how it is reached. */
public interface KeptOfCluster {
    /**
     * Refuses that the cluster is taken away where something would stay half done in it.
     *
     * @throws ClusterFailure then
     */
    default void requireFree(ManagedCluster cluster) {}

    /** The cluster has been taken away: another one of this key, added later, is to begin without. */
    void forget(String key);
}
