package io.ottla.metadata;

import java.util.List;

/**
 * A step from one picture of the cluster to the next.
 *
 * @param changes in order; what they say is in {@code after} already
 */
public record ImageStep(ClusterImage before, ClusterImage after, List<MetadataChange> changes) {}
