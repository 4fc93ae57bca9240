package io.ottla.zookeeper;

import io.ottla.types.TopicPartition;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * The data of {@code /admin/preferred_replica_election}, as {@code kafka-preferred-replica-election} wrote it. The
 * controller takes the node away when it has obeyed.
 *
 * <pre>
 *   version       1
 *   partitions    [{"topic":"t","partition":0}]
 * </pre>
 */
final class ElectionNode {
    static final String PATH = "/admin/preferred_replica_election";

    private ElectionNode() {}

    /** Null where the data can't be understood. */
    static Set<TopicPartition> decode(byte[] data) {
        Set<TopicPartition> partitions = new TreeSet<>();
        for (JsonNode one : PartitionList.read(data)) {
            TopicPartition partition = PartitionList.partition(one);
            if (partition == null) {
                return null;
            }
            partitions.add(partition);
        }
        return PartitionList.isOne(data) ? partitions : null;
    }
}
