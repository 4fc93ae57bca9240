package io.ottla.oracle;

import static org.apache.kafka.common.protocol.ApiKeys.ALTER_PARTITION_REASSIGNMENTS;
import static org.apache.kafka.common.protocol.ApiKeys.ALTER_REPLICA_LOG_DIRS;
import static org.apache.kafka.common.protocol.ApiKeys.ELECT_LEADERS;
import static org.apache.kafka.common.protocol.ApiKeys.LIST_PARTITION_REASSIGNMENTS;
import static org.apache.kafka.common.protocol.ApiKeys.UNREGISTER_BROKER;

import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDir;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDirCollection;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopic;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopicCollection;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitions;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitionsCollection;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData.ListPartitionReassignmentsTopics;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;

/** Leaders that are asked for, and partitions that are to move. */
final class MoveScenarios {
    private static final byte PREFERRED = 0;
    private static final byte UNCLEAN = 1;

    private MoveScenarios() {}

    static List<Scenario> all() {
        return List.of(
                Scenario.of(
                        "lie where it lies",
                        ALTER_REPLICA_LOG_DIRS,
                        (side, version) -> lie(side.folder(), "events", 0, 2)),
                Scenario.of(
                        "lie in a folder that is not there",
                        ALTER_REPLICA_LOG_DIRS,
                        (side, version) -> lie("/no/such/folder", "events", 0)),
                Scenario.of(
                        "lie in a relative folder",
                        ALTER_REPLICA_LOG_DIRS,
                        (side, version) -> lie("data", "events", 0)),
                Scenario.of(
                        "lie of unknown topics and partitions",
                        ALTER_REPLICA_LOG_DIRS,
                        (side, version) -> lie(side.folder(), "nowhere", 0)),
                Scenario.of(
                        "lie of an unknown partition",
                        ALTER_REPLICA_LOG_DIRS,
                        (side, version) -> lie(side.folder(), "events", 9, -1)),
                Scenario.of("lie of nothing", ALTER_REPLICA_LOG_DIRS, (side, version) -> lie(side.folder(), "events")),
                Scenario.of(
                        "unregister nobody",
                        UNREGISTER_BROKER,
                        (side, version) -> new UnregisterBrokerRequestData().setBrokerId(77)),
                Scenario.of(
                        "unregister what is no number of a broker",
                        UNREGISTER_BROKER,
                        (side, version) -> new UnregisterBrokerRequestData().setBrokerId(-1)),
                Scenario.of("elect who leads", ELECT_LEADERS, (side, version) -> elect(PREFERRED, "events", 0, 1)),
                Scenario.of("elect of all", ELECT_LEADERS, (side, version) -> elect(PREFERRED, null)),
                Scenario.of("elect of nothing", ELECT_LEADERS, (side, version) -> elect(PREFERRED, "")),
                Scenario.of(
                        "elect of unknown topics and partitions",
                        ELECT_LEADERS,
                        (side, version) -> elect(PREFERRED, "nowhere", 0)),
                Scenario.of(
                        "elect of an unknown partition",
                        ELECT_LEADERS,
                        (side, version) -> elect(PREFERRED, "events", 9, -1)),
                Scenario.of(
                        "elect uncleanly where somebody leads",
                        ELECT_LEADERS,
                        (side, version) -> elect(UNCLEAN, "events", 0)),
                Scenario.of("elect uncleanly of all", ELECT_LEADERS, (side, version) -> elect(UNCLEAN, null)),
                Scenario.of(
                        "move to where it is",
                        ALTER_PARTITION_REASSIGNMENTS,
                        (side, version) -> move("events", 0, List.of(1))),
                Scenario.of(
                        "take back where nothing moves",
                        ALTER_PARTITION_REASSIGNMENTS,
                        (side, version) -> move("events", 0, null)),
                Scenario.of(
                        "move to nobody",
                        ALTER_PARTITION_REASSIGNMENTS,
                        (side, version) -> move("events", 0, List.of())),
                Scenario.of(
                        "move to a broker twice",
                        ALTER_PARTITION_REASSIGNMENTS,
                        (side, version) -> move("events", 0, List.of(1, 1))),
                Scenario.of(
                        "move to a broker that is not there",
                        ALTER_PARTITION_REASSIGNMENTS,
                        (side, version) -> move("events", 0, List.of(9))),
                Scenario.of(
                        "move to a negative broker",
                        ALTER_PARTITION_REASSIGNMENTS,
                        (side, version) -> move("events", 0, List.of(-1))),
                Scenario.of(
                        "move unknown topics",
                        ALTER_PARTITION_REASSIGNMENTS,
                        (side, version) -> move("nowhere", 0, List.of(1))),
                Scenario.of(
                        "move unknown partitions",
                        ALTER_PARTITION_REASSIGNMENTS,
                        (side, version) -> move("events", 9, List.of(1))),
                Scenario.of(
                        "move nothing",
                        ALTER_PARTITION_REASSIGNMENTS,
                        (side, version) -> new AlterPartitionReassignmentsRequestData()),
                Scenario.of("list all moves", LIST_PARTITION_REASSIGNMENTS, (side, version) -> list(null)),
                Scenario.of("list no moves", LIST_PARTITION_REASSIGNMENTS, (side, version) -> list("")),
                Scenario.of("list moves of a topic", LIST_PARTITION_REASSIGNMENTS, (side, version) -> list("events")),
                Scenario.of(
                        "list moves of an unknown topic",
                        LIST_PARTITION_REASSIGNMENTS,
                        (side, version) -> list("nowhere")));
    }

    /** @param topic null for all, empty for none */
    private static ElectLeadersRequestData elect(byte type, String topic, Integer... partitions) {
        ElectLeadersRequestData request =
                new ElectLeadersRequestData().setElectionType(type).setTimeoutMs(30_000);
        if (topic == null) {
            return request.setTopicPartitions(null);
        }
        TopicPartitionsCollection topics = new TopicPartitionsCollection();
        if (!topic.isEmpty()) {
            topics.add(new TopicPartitions().setTopic(topic).setPartitions(Arrays.asList(partitions)));
        }
        return request.setTopicPartitions(topics);
    }

    private static AlterPartitionReassignmentsRequestData move(String topic, int partition, List<Integer> target) {
        return new AlterPartitionReassignmentsRequestData()
                .setTimeoutMs(30_000)
                .setTopics(List.of(new ReassignableTopic()
                        .setName(topic)
                        .setPartitions(List.of(new ReassignablePartition()
                                .setPartitionIndex(partition)
                                .setReplicas(target)))));
    }

    /** @param topic null for all, empty for none */
    private static ListPartitionReassignmentsRequestData list(String topic) {
        ListPartitionReassignmentsRequestData request =
                new ListPartitionReassignmentsRequestData().setTimeoutMs(30_000);
        if (topic == null) {
            return request.setTopics(null);
        }
        return request.setTopics(
                topic.isEmpty()
                        ? List.of()
                        : List.of(new ListPartitionReassignmentsTopics()
                                .setName(topic)
                                .setPartitionIndexes(List.of(0, 1))));
    }

    private static AlterReplicaLogDirsRequestData lie(String folder, String topic, Integer... partitions) {
        AlterReplicaLogDirTopicCollection topics = new AlterReplicaLogDirTopicCollection();
        topics.add(new AlterReplicaLogDirTopic().setName(topic).setPartitions(List.of(partitions)));
        AlterReplicaLogDirCollection folders = new AlterReplicaLogDirCollection();
        folders.add(new AlterReplicaLogDir().setPath(folder).setTopics(topics));
        return new AlterReplicaLogDirsRequestData().setDirs(folders);
    }
}
