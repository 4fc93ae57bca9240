package io.ottla.console.clusters;

import java.util.Comparator;
import java.util.List;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.Uuid;

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
                name, id, internal, partitions.size(), replicationFactor(), underReplicated, offline, -1, null);
    }

    /** As the Admin client describes it. */
    public static Topic of(TopicDescription description) {
        List<Partition> partitions = description.partitions().stream()
                .map(partition -> new Partition(
                        partition.partition(),
                        partition.leader() == null || partition.leader().isEmpty()
                                ? Partition.NO_LEADER
                                : partition.leader().id(),
                        partition.replicas().stream().map(Node::id).toList(),
                        partition.isr().stream().map(Node::id).toList()))
                .sorted(Comparator.comparingInt(Partition::id))
                .toList();
        Uuid id = description.topicId();
        return new Topic(
                description.name(),
                id == null || id.equals(Uuid.ZERO_UUID) ? "" : id.toString(),
                description.isInternal(),
                partitions);
    }
}
