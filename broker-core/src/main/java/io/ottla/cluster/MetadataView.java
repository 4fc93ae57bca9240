package io.ottla.cluster;

import io.ottla.metadata.ClusterImage;

/** The picture of the cluster that this broker has applied last. Thread-safe. */
@FunctionalInterface
public interface MetadataView {
    /** {@link ClusterImage#EMPTY} before the first. */
    ClusterImage image();
}
