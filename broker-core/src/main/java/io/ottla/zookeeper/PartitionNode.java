package io.ottla.zookeeper;

import io.ottla.metadata.PartitionImage;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.PartitionEpoch;
import io.ottla.types.TopicPartition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The data of {@code /brokers/topics/<topic>/partitions/<partition>/state}, version 1.
 *
 * <pre>
 *   version                 1
 *   controller_epoch        of the controller that wrote it
 *   leader                  -1 where there is none
 *   leader_epoch
 *   isr                     [1,2]
 *   leader_recovery_state   1 after an unclean election; left out where the leader has recovered (KIP-704)
 *   eligible_replicas       [3]; ours, left out where empty: Kafka 3.9 does not know it (KIP-966)
 *   last_known_leader       ours, left out where there is none
 * </pre>
 */
final class PartitionNode {
    private static final int VERSION = 1;
    private static final String RECOVERY = "leader_recovery_state";
    private static final String ELIGIBLE = "eligible_replicas";
    private static final String LAST_KNOWN = "last_known_leader";

    private PartitionNode() {}

    static String parent(String topic) {
        return TopicNode.path(topic) + "/partitions";
    }

    static String folder(TopicPartition partition) {
        return parent(partition.topic()) + "/" + partition.partition();
    }

    static String path(TopicPartition partition) {
        return folder(partition) + "/state";
    }

    static byte[] encode(PartitionImage state) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("controller_epoch", state.controllerEpoch().value());
        json.put("leader", state.leader().value());
        json.put("version", VERSION);
        json.put("leader_epoch", state.leaderEpoch().value());
        json.put("isr", TopicNode.ids(state.inSync()));
        if (state.recovering()) {
            json.put(RECOVERY, 1);
        }
        if (!state.eligible().isEmpty()) {
            json.put(ELIGIBLE, TopicNode.ids(state.eligible()));
        }
        if (!state.lastKnownLeader().isNone()) {
            json.put(LAST_KNOWN, state.lastKnownLeader().value());
        }
        return Json.write(json);
    }

    /**
     * The assignment with its state; null where the data is no state that can be understood.
     *
     * @param version the node's
     */
    static PartitionImage decode(PartitionImage assignment, byte[] data, int version) {
        JsonNode json = Json.read(data);
        List<BrokerId> inSync = TopicNode.ids(json.path("isr"));
        List<BrokerId> eligible = TopicNode.ids(json.path(ELIGIBLE));
        boolean numbers = json.path("leader").isInt()
                && json.path("leader_epoch").isInt()
                && json.path("controller_epoch").isInt();
        if (json.path("version").asInt(0) < 1 || !numbers || inSync == null || eligible == null) {
            return null;
        }
        return new PartitionImage(
                assignment.replicas(),
                assignment.adding(),
                assignment.removing(),
                broker(json.path("leader")),
                new LeaderEpoch(json.path("leader_epoch").asInt()),
                new PartitionEpoch(version),
                new ControllerEpoch(json.path("controller_epoch").asInt()),
                inSync,
                eligible,
                broker(json.path(LAST_KNOWN)),
                json.path(RECOVERY).asInt(0) != 0);
    }

    /** Kafka knows two numbers for nobody: -1, and -2 while a topic is being deleted. */
    private static BrokerId broker(JsonNode number) {
        int id = number.asInt(-1);
        return id < 0 ? BrokerId.NONE : new BrokerId(id);
    }
}
