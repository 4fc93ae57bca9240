package io.ottla.console.clusters;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Nodes of a ZooKeeper, many at once. Paths count from the chroot on. Every call blocks for a bounded time, and throws
 * {@link ClusterFailure} when ZooKeeper does not answer; after a change it is unknown then whether it was made.
 */
public interface ZooKeeperNodes {
    /** How many children nodes have, by path in their order; one that is not there is left out. */
    Map<String, Integer> counts(Collection<String> paths);

    /** Names of children, sorted, by path in their order; a node that is not there, or that we may not read, is left out. */
    Map<String, List<String>> children(Collection<String> paths);

    /** Contents by path in their order; a node that is not there, or that we may not read, is left out. */
    Map<String, byte[]> contents(Collection<String> paths);

    /**
     * Does all of it, or nothing.
     *
     * @return false where nothing was done, since one of the nodes is there, is not, or has children
     */
    boolean change(List<NodeChange> changes);
}
