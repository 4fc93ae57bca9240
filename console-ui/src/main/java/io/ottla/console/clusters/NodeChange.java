package io.ottla.console.clusters;

/** A part of a change of nodes in ZooKeeper that is made as a whole, see {@link ZooKeeperNodes#change}. */
public sealed interface NodeChange {
    String path();

    /** Makes a node that is not there. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Make(String path, byte[] content) implements NodeChange {}

    /** Gives a node that is there other content. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Write(String path, byte[] content) implements NodeChange {}

    /** Deletes a node that is there and has no children. */
    record Remove(String path) implements NodeChange {}
}
