package io.ottla.zookeeper;

/** A part of a change of nodes that is made as a whole, see {@link NodeBatches#change}. */
public sealed interface NodeStep {
    String path();

    /** Makes a node that is not there. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Make(String path, byte[] content) implements NodeStep {}

    /** Gives a node that is there other content. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Write(String path, byte[] content) implements NodeStep {}

    /** Deletes a node that is there and has no children. */
    record Remove(String path) implements NodeStep {}
}
