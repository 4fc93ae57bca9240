package io.ottla.console.clusters;

import java.util.List;

/**
 * A topic.
 *
 * @param id empty where the cluster gives none
 * @param partitions in their order
 */
public record Topic(String name, String id, boolean internal, List<Partition> partitions) {
    /** Replicas of its first partition. */
    public int replicationFactor() {
        return partitions.isEmpty() ? 0 : partitions.getFirst().replicas().size();
    }

    public TopicSummary summary() {
        int underReplicated = 0;
        int offline = 0;
        for (Partition partition : partitions) {
            underReplicated += partition.underReplicated() ? 1 : 0;
            offline += partition.offline() ? 1 : 0;
        }
        return new TopicSummary(
                name, id, internal, partitions.size(), replicationFactor(), underReplicated, offline, -1);
    }
}
