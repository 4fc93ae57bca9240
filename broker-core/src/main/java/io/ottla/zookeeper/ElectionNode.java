package io.ottla.zookeeper;

import io.ottla.types.TopicPartition;
import java.util.Set;
import java.util.TreeSet;

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

    /** The partitions that it names, without what can't be understood; null where nothing of it can. */
    static Set<TopicPartition> decode(byte[] data) {
        Set<TopicPartition> partitions = new TreeSet<>();
        boolean understood = PartitionList.readEach(data, PATH, one -> {
            TopicPartition partition = PartitionList.partition(one);
            if (partition != null) {
                partitions.add(partition);
            }
            return partition != null;
        });
        return understood ? partitions : null;
    }
}
