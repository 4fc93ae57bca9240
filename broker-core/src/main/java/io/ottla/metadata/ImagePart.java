package io.ottla.metadata;

import java.util.List;

/**
 * One of the parts that a whole image is told in: the changes that lead on from where the parts before it led, the first
 * from nothing.
 */
public record ImagePart(String clusterId, List<MetadataChange> changes) {
    /**
     * Where it leads to.
     *
     * @param before what the parts before led to
     * @throws IllegalArgumentException where it does not fit
     */
    public ClusterImage after(ClusterImage before, ImageVersion version) {
        return before.of(clusterId).with(version, changes);
    }
}
