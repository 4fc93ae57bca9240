package io.ottla.oracle;

import static org.apache.kafka.common.protocol.ApiKeys.CREATE_PARTITIONS;
import static org.apache.kafka.common.protocol.ApiKeys.CREATE_TOPICS;
import static org.apache.kafka.common.protocol.ApiKeys.DELETE_RECORDS;
import static org.apache.kafka.common.protocol.ApiKeys.DELETE_TOPICS;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopicCollection;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignmentCollection;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicCollection;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfigCollection;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;

/** Topics made, grown, cut and deleted. */
final class TopicScenarios {
    private static final int TIMEOUT_MS = 20_000;

    private TopicScenarios() {}

    static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>(creations());
        all.addAll(deletions());
        all.addAll(growths());
        all.addAll(cuts());
        return all;
    }

    private static List<Scenario> creations() {
        return List.of(
                Scenario.of("create a topic", CREATE_TOPICS, (side, version) -> create(topic("new-" + version, 2, 1))),
                Scenario.of(
                        "create with defaults",
                        CREATE_TOPICS,
                        (side, version) -> create(topic("new-default-" + version, -1, -1))),
                Scenario.of(
                        "create with configs",
                        CREATE_TOPICS,
                        (side, version) -> create(with(
                                topic("new-configs-" + version, 1, 1),
                                "retention.ms",
                                "1000",
                                "cleanup.policy",
                                "compact,delete"))),
                Scenario.of(
                        "create with assignments",
                        CREATE_TOPICS,
                        (side, version) -> create(
                                assigned(topic("new-assigned-" + version, -1, -1), 0, List.of(1), 1, List.of(1)))),
                Scenario.of(
                        "create two",
                        CREATE_TOPICS,
                        (side, version) -> create(topic("new-a-" + version, 1, 1), topic("new-b-" + version, 1, 1))),
                Scenario.of(
                        "create, one right and one wrong",
                        CREATE_TOPICS,
                        (side, version) ->
                                create(topic("new-right-" + version, 1, 1), topic("new-wrong-" + version, 0, 1))),
                Scenario.of(
                        "create only to validate",
                        CREATE_TOPICS,
                        (side, version) ->
                                create(topic("never-" + version, 3, 1)).setValidateOnly(version >= 1)),
                Scenario.of(
                        "create only to validate, wrongly",
                        CREATE_TOPICS,
                        (side, version) ->
                                create(topic("never-" + version, 3, 5)).setValidateOnly(version >= 1)),
                Scenario.of("create what exists", CREATE_TOPICS, (side, version) -> create(topic("events", 1, 1))),
                Scenario.of(
                        "create what exists, only to validate",
                        CREATE_TOPICS,
                        (side, version) -> create(topic("events", 1, 1)).setValidateOnly(true)),
                Scenario.of(
                        "create a colliding name",
                        CREATE_TOPICS,
                        (side, version) -> create(topic("dotted_name", 1, 1))),
                Scenario.of(
                        "create colliding names at once",
                        CREATE_TOPICS,
                        (side, version) ->
                                create(topic("at.once-" + version, 1, 1), topic("at_once-" + version, 1, 1))),
                Scenario.of(
                        "create illegal names",
                        CREATE_TOPICS,
                        (side, version) -> create(
                                topic("a b", 1, 1),
                                topic("", 1, 1),
                                topic(".", 1, 1),
                                topic("..", 1, 1),
                                topic("x".repeat(250), 1, 1))),
                Scenario.of(
                        "create the same twice in a request",
                        CREATE_TOPICS,
                        (side, version) -> create(topic("twin-" + version, 1, 1), topic("twin-" + version, 2, 1))),
                Scenario.of(
                        "create with 0 partitions",
                        CREATE_TOPICS,
                        (side, version) -> create(topic("zero-" + version, 0, 1))),
                Scenario.of(
                        "create with -2 partitions",
                        CREATE_TOPICS,
                        (side, version) -> create(topic("minus-" + version, -2, 1))),
                Scenario.of(
                        "create with replication factor 0",
                        CREATE_TOPICS,
                        (side, version) -> create(topic("zero-" + version, 1, 0))),
                Scenario.of(
                        "create with replication factor -2",
                        CREATE_TOPICS,
                        (side, version) -> create(topic("minus-" + version, 1, -2))),
                Scenario.of(
                        "create with more replicas than brokers",
                        CREATE_TOPICS,
                        (side, version) -> create(topic("many-" + version, 1, 3))),
                Scenario.of(
                        "create with an unknown config",
                        CREATE_TOPICS,
                        (side, version) -> create(with(topic("odd-" + version, 1, 1), "no.such.config", "1"))),
                Scenario.of(
                        "create with an illegal config value",
                        CREATE_TOPICS,
                        (side, version) -> create(with(topic("odd-" + version, 1, 1), "retention.ms", "soon"))),
                Scenario.of(
                        "create with a config out of range",
                        CREATE_TOPICS,
                        (side, version) -> create(with(topic("odd-" + version, 1, 1), "min.insync.replicas", "0"))),
                Scenario.of(
                        "create with a null config",
                        CREATE_TOPICS,
                        (side, version) -> create(with(topic("odd-" + version, 1, 1), "retention.ms", null))),
                Scenario.of(
                        "create with assignments and a partition count",
                        CREATE_TOPICS,
                        (side, version) -> create(assigned(topic("odd-" + version, 1, -1), 0, List.of(1)))),
                Scenario.of(
                        "create with assignments and a replication factor",
                        CREATE_TOPICS,
                        (side, version) -> create(assigned(topic("odd-" + version, -1, 1), 0, List.of(1)))),
                Scenario.of(
                        "create with assignments to an unknown broker",
                        CREATE_TOPICS,
                        (side, version) -> create(assigned(topic("odd-" + version, -1, -1), 0, List.of(9)))),
                Scenario.of(
                        "create with assignments to a broker twice",
                        CREATE_TOPICS,
                        (side, version) -> create(assigned(topic("odd-" + version, -1, -1), 0, List.of(1, 1)))),
                Scenario.of(
                        "create with assignments of no replica",
                        CREATE_TOPICS,
                        (side, version) -> create(assigned(topic("odd-" + version, -1, -1), 0, List.of()))),
                Scenario.of(
                        "create with assignments with a gap",
                        CREATE_TOPICS,
                        (side, version) ->
                                create(assigned(topic("odd-" + version, -1, -1), 0, List.of(1), 2, List.of(1)))),
                Scenario.of(
                        "create with assignments from 1",
                        CREATE_TOPICS,
                        (side, version) -> create(assigned(topic("odd-" + version, -1, -1), 1, List.of(1)))),
                Scenario.of(
                        "create with assignments of different lengths",
                        CREATE_TOPICS,
                        (side, version) ->
                                create(assigned(topic("odd-" + version, -1, -1), 0, List.of(1), 1, List.of(1, 2)))),
                Scenario.of("create nothing", CREATE_TOPICS, (side, version) -> create()));
    }

    private static List<Scenario> deletions() {
        return List.of(
                Scenario.sequence("create and delete by name", DELETE_TOPICS)
                        .then(CREATE_TOPICS, (side, version) -> create(topic("doomed-" + version, 1, 1)))
                        .then((side, version) -> {
                            side.refresh();
                            return delete(version, "doomed-" + version);
                        })
                        .then((side, version) -> delete(version, "doomed-" + version)),
                Scenario.sequence("create and delete by id", DELETE_TOPICS)
                        .then(CREATE_TOPICS, (side, version) -> create(topic("doomed-id-" + version, 1, 1)))
                        .then((side, version) -> {
                            side.refresh();
                            return delete(state(null, side.id("doomed-id-" + version)));
                        }),
                Scenario.of(
                        "delete unknown and illegal names",
                        DELETE_TOPICS,
                        (side, version) -> delete(version, "nowhere", "a b", "")),
                Scenario.of(
                        "delete an unknown id", DELETE_TOPICS, (side, version) -> delete(state(null, Side.NOBODYS))),
                Scenario.of(
                        "delete neither by name nor id",
                        DELETE_TOPICS,
                        (side, version) -> delete(state(null, Uuid.ZERO_UUID))),
                Scenario.of(
                        "delete by name and id",
                        DELETE_TOPICS,
                        (side, version) -> delete(state("events", side.id("events")))),
                Scenario.of(
                        "delete the same name twice",
                        DELETE_TOPICS,
                        (side, version) -> delete(version, "nowhere", "nowhere")),
                Scenario.of(
                        "delete what exists twice by name",
                        DELETE_TOPICS,
                        (side, version) -> delete(version, "settings", "settings")),
                Scenario.of(
                        "delete by id and by name of the same",
                        DELETE_TOPICS,
                        (side, version) -> delete(state("settings", Uuid.ZERO_UUID), state(null, side.id("settings")))),
                Scenario.of(
                        "delete the same id twice",
                        DELETE_TOPICS,
                        (side, version) -> delete(state(null, side.id("settings")), state(null, side.id("settings")))),
                Scenario.of("delete nothing", DELETE_TOPICS, (side, version) -> delete(version)));
    }

    private static List<Scenario> growths() {
        return List.of(
                Scenario.sequence("create and grow", CREATE_PARTITIONS)
                        .then(CREATE_TOPICS, (side, version) -> create(topic("growing-" + version, 1, 1)))
                        .then((side, version) -> grow(growth("growing-" + version, 3)))
                        .then((side, version) -> {
                            side.awaitTopic("growing-" + version, 3);
                            return grow(growth("growing-" + version, 4, List.of(1)));
                        }),
                Scenario.of(
                        "grow only to validate",
                        CREATE_PARTITIONS,
                        (side, version) -> grow(growth("settings", 3)).setValidateOnly(true)),
                Scenario.of("grow to the same", CREATE_PARTITIONS, (side, version) -> grow(growth("events", 3))),
                Scenario.of("grow to fewer", CREATE_PARTITIONS, (side, version) -> grow(growth("events", 1))),
                Scenario.of("grow to 0", CREATE_PARTITIONS, (side, version) -> grow(growth("events", 0))),
                Scenario.of(
                        "grow to a negative count", CREATE_PARTITIONS, (side, version) -> grow(growth("events", -3))),
                Scenario.of(
                        "grow unknown and illegal topics",
                        CREATE_PARTITIONS,
                        (side, version) -> grow(growth("nowhere", 3), growth("a b", 2), growth("", 2))),
                Scenario.of(
                        "grow the same twice",
                        CREATE_PARTITIONS,
                        (side, version) -> grow(growth("settings", 3), growth("settings", 4))
                                .setValidateOnly(true)),
                Scenario.of(
                        "grow onto an unknown broker",
                        CREATE_PARTITIONS,
                        (side, version) -> grow(growth("events", 4, List.of(9)))),
                Scenario.of(
                        "grow onto a broker twice",
                        CREATE_PARTITIONS,
                        (side, version) -> grow(growth("events", 4, List.of(1, 1)))),
                Scenario.of(
                        "grow with too many assignments",
                        CREATE_PARTITIONS,
                        (side, version) -> grow(growth("events", 4)
                                .setAssignments(List.of(
                                        new CreatePartitionsAssignment().setBrokerIds(List.of(1)),
                                        new CreatePartitionsAssignment().setBrokerIds(List.of(1)))))),
                Scenario.of(
                        "grow with no assignment",
                        CREATE_PARTITIONS,
                        (side, version) -> grow(growth("events", 4).setAssignments(List.of()))),
                Scenario.of(
                        "grow with an empty assignment",
                        CREATE_PARTITIONS,
                        (side, version) -> grow(growth("events", 4, List.of()))),
                Scenario.of("grow nothing", CREATE_PARTITIONS, (side, version) -> grow()));
    }

    private static List<Scenario> cuts() {
        return List.of(
                Scenario.of("delete records", DELETE_RECORDS, (side, version) -> cut("cut", 0, 2 + version)),
                Scenario.of("delete records deleted before", DELETE_RECORDS, (side, version) -> cut("cut", 0, 1)),
                Scenario.of("delete records behind the end", DELETE_RECORDS, (side, version) -> cut("cut", 0, 1000)),
                Scenario.of(
                        "delete records at a negative offset", DELETE_RECORDS, (side, version) -> cut("cut", 0, -2)),
                Scenario.of(
                        "delete records of an unknown topic", DELETE_RECORDS, (side, version) -> cut("nowhere", 0, 1)),
                Scenario.of("delete records of an illegal topic", DELETE_RECORDS, (side, version) -> cut("a b", 0, 1)),
                Scenario.of(
                        "delete records of unknown partitions", DELETE_RECORDS, (side, version) -> cut("cut", 9, 1)),
                Scenario.of(
                        "delete records of a negative partition", DELETE_RECORDS, (side, version) -> cut("cut", -1, 1)),
                Scenario.of(
                        "delete records of a compacted topic",
                        DELETE_RECORDS,
                        (side, version) -> cut("compacted", 0, 0)),
                Scenario.of(
                        "delete records of a partition twice",
                        DELETE_RECORDS,
                        (side, version) -> new DeleteRecordsRequestData()
                                .setTimeoutMs(TIMEOUT_MS)
                                .setTopics(List.of(new DeleteRecordsTopic()
                                        .setName("cut")
                                        .setPartitions(List.of(
                                                new DeleteRecordsPartition()
                                                        .setPartitionIndex(0)
                                                        .setOffset(5),
                                                new DeleteRecordsPartition()
                                                        .setPartitionIndex(0)
                                                        .setOffset(6)))))),
                Scenario.of(
                        "delete no records",
                        DELETE_RECORDS,
                        (side, version) -> new DeleteRecordsRequestData().setTimeoutMs(TIMEOUT_MS)),
                Scenario.of("delete all records", DELETE_RECORDS, (side, version) -> cut("cut-all", 0, -1)));
    }

    static CreateTopicsRequestData create(CreatableTopic... topics) {
        return new CreateTopicsRequestData()
                .setTimeoutMs(TIMEOUT_MS)
                .setTopics(new CreatableTopicCollection(List.of(topics).iterator()));
    }

    static CreatableTopic topic(String name, int partitions, int replicas) {
        return new CreatableTopic().setName(name).setNumPartitions(partitions).setReplicationFactor((short) replicas);
    }

    static CreatableTopic with(CreatableTopic topic, String... configs) {
        CreatableTopicConfigCollection set = new CreatableTopicConfigCollection();
        for (int i = 0; i < configs.length; i += 2) {
            set.add(new CreatableTopicConfig().setName(configs[i]).setValue(configs[i + 1]));
        }
        return topic.setConfigs(set);
    }

    /** @param assignments a partition's number and its list of brokers, in turn */
    @SuppressWarnings("unchecked")
    private static CreatableTopic assigned(CreatableTopic topic, Object... assignments) {
        CreatableReplicaAssignmentCollection set = new CreatableReplicaAssignmentCollection();
        for (int i = 0; i < assignments.length; i += 2) {
            set.add(new CreatableReplicaAssignment()
                    .setPartitionIndex((Integer) assignments[i])
                    .setBrokerIds((List<Integer>) assignments[i + 1]));
        }
        return topic.setAssignments(set);
    }

    static DeleteTopicsRequestData delete(short version, String... names) {
        if (version < 6) {
            return new DeleteTopicsRequestData().setTimeoutMs(TIMEOUT_MS).setTopicNames(List.of(names));
        }
        return delete(
                Arrays.stream(names).map(name -> state(name, Uuid.ZERO_UUID)).toArray(DeleteTopicState[]::new));
    }

    static DeleteTopicsRequestData delete(DeleteTopicState... states) {
        return new DeleteTopicsRequestData().setTimeoutMs(TIMEOUT_MS).setTopics(List.of(states));
    }

    static DeleteTopicState state(String name, Uuid id) {
        return new DeleteTopicState().setName(name).setTopicId(id);
    }

    static CreatePartitionsRequestData grow(CreatePartitionsTopic... topics) {
        return new CreatePartitionsRequestData()
                .setTimeoutMs(TIMEOUT_MS)
                .setTopics(new CreatePartitionsTopicCollection(List.of(topics).iterator()));
    }

    static CreatePartitionsTopic growth(String topic, int count) {
        return new CreatePartitionsTopic().setName(topic).setCount(count).setAssignments(null);
    }

    private static CreatePartitionsTopic growth(String topic, int count, List<Integer> brokers) {
        return growth(topic, count).setAssignments(List.of(new CreatePartitionsAssignment().setBrokerIds(brokers)));
    }

    static DeleteRecordsRequestData cut(String topic, int partition, long offset) {
        return new DeleteRecordsRequestData()
                .setTimeoutMs(TIMEOUT_MS)
                .setTopics(List.of(new DeleteRecordsTopic()
                        .setName(topic)
                        .setPartitions(List.of(new DeleteRecordsPartition()
                                .setPartitionIndex(partition)
                                .setOffset(offset)))));
    }
}
