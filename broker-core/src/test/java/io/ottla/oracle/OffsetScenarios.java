package io.ottla.oracle;

import static io.ottla.oracle.GroupScenarios.group;
import static io.ottla.oracle.GroupScenarios.id;
import static io.ottla.oracle.GroupScenarios.stable;
import static org.apache.kafka.common.protocol.ApiKeys.OFFSET_COMMIT;
import static org.apache.kafka.common.protocol.ApiKeys.OFFSET_DELETE;
import static org.apache.kafka.common.protocol.ApiKeys.OFFSET_FETCH;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;

/** Offsets of groups: committed, fetched, deleted. */
final class OffsetScenarios {
    private static final short TOPIC_IDS = 10;

    private OffsetScenarios() {}

    static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>(commits());
        all.addAll(fetches());
        all.addAll(deletions());
        return all;
    }

    private static List<Scenario> commits() {
        String other = "commit of another generation";
        String member = "commit of a member";
        String stranger = "commit of a stranger";
        String nobody = "commit of nobody in a group with members";
        return List.of(
                Scenario.of(
                        "commit as nobody",
                        OFFSET_COMMIT,
                        (side, version) -> commit(
                                group(side, "commit as nobody", version),
                                topic(side, version, "events", part(0, 3), part(2, 5)))),
                Scenario.of(
                        "commit to no group",
                        OFFSET_COMMIT,
                        (side, version) -> commit(empty(side), topic(side, version, "events", part(0, 3)))),
                Scenario.of(
                        "commit nothing",
                        OFFSET_COMMIT,
                        (side, version) -> commit(group(side, "commit nothing", version))),
                Scenario.of(
                        "commit a topic without partitions",
                        OFFSET_COMMIT,
                        (side, version) -> commit(
                                group(side, "commit a topic without partitions", version),
                                topic(side, version, "events"))),
                Scenario.of(
                        "commit what does not exist",
                        OFFSET_COMMIT,
                        (side, version) -> commit(
                                group(side, "commit what does not exist", version),
                                topic(side, version, "no-such-topic", part(0, 1)),
                                topic(side, version, "events", part(1, 1), part(9, 1), part(-1, 1)))),
                Scenario.of(
                        "commit a partition twice",
                        OFFSET_COMMIT,
                        (side, version) -> commit(
                                group(side, "commit a partition twice", version),
                                topic(side, version, "events", part(1, 1), part(1, 2)))),
                Scenario.of(
                        "commit a negative offset",
                        OFFSET_COMMIT,
                        (side, version) -> commit(
                                group(side, "commit a negative offset", version),
                                topic(side, version, "events", part(1, -5)))),
                Scenario.of(
                        "commit with much text",
                        OFFSET_COMMIT,
                        (side, version) -> commit(
                                group(side, "commit with much text", version),
                                topic(
                                        side,
                                        version,
                                        "events",
                                        part(0, 1).setCommittedMetadata("x".repeat(4096)),
                                        part(1, 1).setCommittedMetadata("x".repeat(4097)),
                                        part(2, 1).setCommittedMetadata(null)))),
                Scenario.of(
                        "commit for an unknown group",
                        OFFSET_COMMIT,
                        (side, version) -> commit(
                                        group(side, "none of it", version), topic(side, version, "events", part(0, 1)))
                                .setMemberId("who")
                                .setGenerationIdOrMemberEpoch(1)),
                stable(member, OFFSET_COMMIT)
                        .then((side, version) -> commit(
                                        group(side, member, version), topic(side, version, "events", part(0, 1)))
                                .setMemberId(id(side, version, member))
                                .setGenerationIdOrMemberEpoch(1)),
                stable(other, OFFSET_COMMIT)
                        .then((side, version) -> commit(
                                        group(side, other, version), topic(side, version, "events", part(0, 1)))
                                .setMemberId(id(side, version, other))
                                .setGenerationIdOrMemberEpoch(0)),
                stable(stranger, OFFSET_COMMIT)
                        .then((side, version) -> commit(
                                        group(side, stranger, version), topic(side, version, "events", part(0, 1)))
                                .setMemberId("who")
                                .setGenerationIdOrMemberEpoch(1)),
                stable(nobody, OFFSET_COMMIT)
                        .then((side, version) ->
                                commit(group(side, nobody, version), topic(side, version, "events", part(0, 1)))));
    }

    private static String empty(Side side) throws Exception {
        side.awaitCoordinator("g");
        return "";
    }

    private static List<Scenario> fetches() {
        return List.of(
                committed("fetch offsets", OFFSET_FETCH)
                        .then((side, version) ->
                                fetch(side, version, group(side, "fetch offsets", version), "events", 0, 1, 2, 9)),
                committed("fetch all offsets", OFFSET_FETCH)
                        .then((side, version) -> fetchAll(version, group(side, "fetch all offsets", version))),
                committed("fetch stable offsets", OFFSET_FETCH)
                        .then((side, version) -> fetch(
                                        side, version, group(side, "fetch stable offsets", version), "events", 0, 1)
                                .setRequireStable(version >= 7)),
                Scenario.of(
                        "fetch offsets of an unknown group",
                        OFFSET_FETCH,
                        (side, version) -> fetch(side, version, group(side, "none at all", version), "events", 0, 1)),
                Scenario.of(
                        "fetch all offsets of an unknown group",
                        OFFSET_FETCH,
                        (side, version) -> fetchAll(version, group(side, "none at all", version))),
                Scenario.of(
                        "fetch offsets of no group",
                        OFFSET_FETCH,
                        (side, version) -> fetch(side, version, nobodys(side), "events", 2)),
                committed("fetch offsets of an unknown topic", OFFSET_FETCH)
                        .then((side, version) -> fetch(
                                side,
                                version,
                                group(side, "fetch offsets of an unknown topic", version),
                                "no-such-topic",
                                0)),
                committed("fetch offsets of no topic", OFFSET_FETCH)
                        .then((side, version) -> version < 8
                                ? new OffsetFetchRequestData()
                                        .setGroupId(group(side, "fetch offsets of no topic", version))
                                        .setTopics(List.of())
                                : groups(new OffsetFetchRequestGroup()
                                        .setGroupId(group(side, "fetch offsets of no topic", version))
                                        .setTopics(List.of()))),
                committed("fetch offsets of two groups", OFFSET_FETCH)
                        .then((side, version) -> version < 8
                                ? fetchAll(version, group(side, "fetch offsets of two groups", version))
                                : groups(
                                        new OffsetFetchRequestGroup()
                                                .setGroupId(group(side, "fetch offsets of two groups", version))
                                                .setTopics(null),
                                        new OffsetFetchRequestGroup()
                                                .setGroupId("another")
                                                .setTopics(List.of(asked(side, version, "events", List.of(0)))))),
                Scenario.of(
                        "fetch offsets of nothing",
                        OFFSET_FETCH,
                        (side, version) -> version < 8
                                ? fetchAll(version, "nothing")
                                : new OffsetFetchRequestData().setGroups(List.of())));
    }

    private static String nobodys(Side side) throws Exception {
        side.awaitCoordinator("g");
        return "";
    }

    private static List<Scenario> deletions() {
        String read = "delete offsets that are read";
        String unread = "delete offsets that nobody reads";
        return List.of(
                Scenario.of("delete offsets of no group", OFFSET_DELETE, (side, version) -> delete("", "events", 0)),
                Scenario.of(
                        "delete offsets of an unknown group",
                        OFFSET_DELETE,
                        (side, version) -> delete(group(side, "none at all", version), "events", 0)),
                committed("delete offsets", OFFSET_DELETE)
                        .then((side, version) -> delete(group(side, "delete offsets", version), "events", 0, 1, 9))
                        .then(
                                OFFSET_FETCH,
                                (side, version) -> fetch(
                                        side, TOPIC_IDS, group(side, "delete offsets", version), "events", 0, 1, 2)),
                committed("delete offsets of an unknown topic", OFFSET_DELETE)
                        .then((side, version) ->
                                delete(group(side, "delete offsets of an unknown topic", version), "no-such-topic", 0)),
                committed("delete offsets of nothing", OFFSET_DELETE)
                        .then((side, version) -> new OffsetDeleteRequestData()
                                .setGroupId(group(side, "delete offsets of nothing", version))),
                stable(read, OFFSET_DELETE).then((side, version) -> delete(group(side, read, version), "events", 0)),
                stable(unread, OFFSET_DELETE)
                        .then(
                                OFFSET_COMMIT,
                                (side, version) -> commit(
                                                group(side, unread, version),
                                                topic(side, TOPIC_IDS, "kept", part(0, 1)))
                                        .setMemberId(id(side, version, unread))
                                        .setGenerationIdOrMemberEpoch(1))
                        .then((side, version) -> delete(group(side, unread, version), "kept", 0)));
    }

    // ---- steps that several share ----

    /** Two offsets of a group that bears the scenario's name. */
    private static Scenario committed(String name, org.apache.kafka.common.protocol.ApiKeys key) {
        return Scenario.sequence(name, key)
                .then(
                        OFFSET_COMMIT,
                        (side, version) -> commit(
                                group(side, name, version),
                                topic(
                                        side,
                                        TOPIC_IDS,
                                        "events",
                                        part(0, 7).setCommittedLeaderEpoch(0).setCommittedMetadata("seven"),
                                        part(2, 9))));
    }

    private static OffsetCommitRequestPartition part(int number, long offset) {
        return new OffsetCommitRequestPartition()
                .setPartitionIndex(number)
                .setCommittedOffset(offset)
                .setCommittedMetadata("");
    }

    private static OffsetCommitRequestTopic topic(
            Side side, short version, String name, OffsetCommitRequestPartition... partitions) throws Exception {
        OffsetCommitRequestTopic topic = new OffsetCommitRequestTopic().setPartitions(List.of(partitions));
        return version >= TOPIC_IDS ? topic.setTopicId(side.id(name)) : topic.setName(name);
    }

    private static OffsetCommitRequestData commit(String group, OffsetCommitRequestTopic... topics) {
        return new OffsetCommitRequestData().setGroupId(group).setTopics(List.of(topics));
    }

    private static OffsetFetchRequestData groups(OffsetFetchRequestGroup... groups) {
        return new OffsetFetchRequestData().setGroups(List.of(groups));
    }

    private static OffsetFetchRequestTopics asked(Side side, short version, String topic, List<Integer> partitions)
            throws Exception {
        OffsetFetchRequestTopics asked = new OffsetFetchRequestTopics().setPartitionIndexes(partitions);
        return version >= TOPIC_IDS ? asked.setTopicId(side.id(topic)) : asked.setName(topic);
    }

    private static OffsetFetchRequestData fetch(
            Side side, short version, String group, String topic, Integer... partitions) throws Exception {
        List<Integer> numbers = List.of(partitions);
        if (version >= 8) {
            return groups(new OffsetFetchRequestGroup()
                    .setGroupId(group)
                    .setTopics(List.of(asked(side, version, topic, numbers))));
        }
        return new OffsetFetchRequestData()
                .setGroupId(group)
                .setTopics(List.of(new OffsetFetchRequestTopic().setName(topic).setPartitionIndexes(numbers)));
    }

    private static OffsetFetchRequestData fetchAll(short version, String group) {
        if (version < 2) {
            throw new UnsupportedVersionException("Expected a version in which all offsets can be asked for");
        }
        return version < 8
                ? new OffsetFetchRequestData().setGroupId(group).setTopics(null)
                : groups(new OffsetFetchRequestGroup().setGroupId(group).setTopics(null));
    }

    private static OffsetDeleteRequestData delete(String group, String topic, int... partitions) {
        OffsetDeleteRequestTopicCollection topics = new OffsetDeleteRequestTopicCollection();
        List<OffsetDeleteRequestPartition> numbers = new ArrayList<>();
        for (int partition : partitions) {
            numbers.add(new OffsetDeleteRequestPartition().setPartitionIndex(partition));
        }
        topics.add(new OffsetDeleteRequestTopic().setName(topic).setPartitions(numbers));
        return new OffsetDeleteRequestData().setGroupId(group).setTopics(topics);
    }
}
