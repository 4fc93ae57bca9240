package io.ottla.zookeeper;

import io.ottla.types.BrokerId;
import io.ottla.types.TopicPartition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The data of {@code /admin/reassign_partitions}, as {@code kafka-reassign-partitions} of the ZooKeeper era writes it.
 *
 * <pre>
 *   version       1
 *   partitions    [{"topic":"t","partition":0,"replicas":[1,2]}]
 * </pre>
 *
 * The controller takes out what is done, and the node away when nothing is left.
 */
final class ReassignmentNode {
    static final String PATH = "/admin/reassign_partitions";

    private ReassignmentNode() {}

    static byte[] encode(Map<TopicPartition, List<BrokerId>> targets) {
        List<Map<String, Object>> partitions = new ArrayList<>();
        new TreeMap<>(targets).forEach((partition, replicas) -> {
            Map<String, Object> one = new LinkedHashMap<>(PartitionList.json(partition));
            one.put("replicas", TopicNode.ids(replicas));
            partitions.add(one);
        });
        return PartitionList.write(partitions);
    }

    /**
     * For each partition the replicas it is to have, without those of which that can't be understood; null where nothing of it
     * can.
     */
    static Map<TopicPartition, List<BrokerId>> decode(byte[] data) {
        Map<TopicPartition, List<BrokerId>> targets = new TreeMap<>();
        boolean understood = PartitionList.readEach(data, PATH, one -> {
            TopicPartition partition = PartitionList.partition(one);
            List<BrokerId> replicas = TopicNode.ids(one.path("replicas"));
            boolean isMove = partition != null && replicas != null && !replicas.isEmpty();
            if (isMove) {
                targets.put(partition, replicas);
            }
            return isMove;
        });
        return understood ? targets : null;
    }
}
