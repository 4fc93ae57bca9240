package io.ottla.oracle;

import static io.ottla.oracle.GroupScenarios.group;
import static org.apache.kafka.common.protocol.ApiKeys.CONSUMER_GROUP_DESCRIBE;
import static org.apache.kafka.common.protocol.ApiKeys.CONSUMER_GROUP_HEARTBEAT;
import static org.apache.kafka.common.protocol.ApiKeys.DELETE_GROUPS;
import static org.apache.kafka.common.protocol.ApiKeys.DESCRIBE_GROUPS;
import static org.apache.kafka.common.protocol.ApiKeys.LEAVE_GROUP;
import static org.apache.kafka.common.protocol.ApiKeys.OFFSET_COMMIT;
import static org.apache.kafka.common.protocol.ApiKeys.OFFSET_FETCH;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData.TopicPartitions;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;

/** Members of consumer groups: how they come, report, leave, commit, and what is told of them. */
final class ConsumerGroupScenarios {
    private static final int PATIENT_MS = 1_200_000;

    private ConsumerGroupScenarios() {}

    static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>(refused());
        all.addAll(members());
        all.addAll(statics());
        all.addAll(sharing());
        all.addAll(offsets());
        all.addAll(told());
        return all;
    }

    private static Scenario beats(String name, Scenario.Ask ask) {
        return Scenario.of(name, CONSUMER_GROUP_HEARTBEAT, ask);
    }

    private static List<Scenario> refused() {
        return List.of(
                beats("beat without a group", (side, version) -> join("", "one")),
                beats("beat without an id", (side, version) -> beat(group(side, "no id", version), "", 3)),
                beats(
                        "join with an empty instance",
                        (side, version) ->
                                join(group(side, "bad", version), "one").setInstanceId("")),
                beats(
                        "join with an empty rack",
                        (side, version) ->
                                join(group(side, "bad", version), "one").setRackId("")),
                beats(
                        "join without partitions",
                        (side, version) ->
                                join(group(side, "bad", version), "one").setTopicPartitions(null)),
                beats(
                        "join with partitions",
                        (side, version) ->
                                join(group(side, "bad", version), "one").setTopicPartitions(owned(side, 1))),
                beats(
                        "join without a subscription",
                        (side, version) ->
                                join(group(side, "bad", version), "one").setSubscribedTopicNames(null)),
                beats(
                        "join without a rebalance timeout",
                        (side, version) ->
                                join(group(side, "bad", version), "one").setRebalanceTimeoutMs(-1)),
                beats(
                        "join with an unknown assignor",
                        (side, version) ->
                                join(group(side, "bad", version), "one").setServerAssignor("mine")),
                beats(
                        "join with a bad expression",
                        (side, version) -> join(group(side, "bad", version), "one")
                                .setSubscribedTopicRegex(version < 1 ? null : "t(*")
                                .setSubscribedTopicNames(version < 1 ? null : List.of())),
                beats("beat in epoch -3", (side, version) -> beat(group(side, "bad", version), "one", -3)),
                beats(
                        "go for a while without an instance",
                        (side, version) -> beat(group(side, "bad", version), "one", -2)),
                beats("beat in an unknown group", (side, version) -> beat(group(side, "none", version), "one", 3)),
                beats(
                        "leave an unknown consumer group",
                        (side, version) -> beat(group(side, "none", version), "one", -1)));
    }

    private static List<Scenario> members() {
        return List.of(
                joined("come alone").then((side, version) -> beat(group(side, "come alone", version), "one", 2)),
                joined("say everything")
                        .then((side, version) -> join(group(side, "say everything", version), "one")
                                .setMemberEpoch(2)
                                .setTopicPartitions(owned(side, 0, 1, 2))),
                joined("come again").then((side, version) -> join(group(side, "come again", version), "one")),
                joined("beat in another epoch")
                        .then((side, version) -> beat(group(side, "beat in another epoch", version), "one", 9))
                        .then((side, version) -> beat(group(side, "beat in another epoch", version), "one", 1))
                        .then((side, version) -> beat(group(side, "beat in another epoch", version), "who", 1)),
                joined("subscribe to others")
                        .then((side, version) -> beat(group(side, "subscribe to others", version), "one", 2)
                                .setSubscribedTopicNames(List.of("settings")))
                        .then((side, version) -> beat(group(side, "subscribe to others", version), "one", 2)
                                .setTopicPartitions(List.of()))
                        .then(
                                CONSUMER_GROUP_DESCRIBE,
                                (side, version) -> describe(group(side, "subscribe to others", version))),
                joined("leave a consumer group")
                        .then((side, version) -> beat(group(side, "leave a consumer group", version), "one", -1))
                        .then((side, version) -> beat(group(side, "leave a consumer group", version), "one", -1))
                        .then(
                                CONSUMER_GROUP_DESCRIBE,
                                (side, version) -> describe(group(side, "leave a consumer group", version))),
                joined("leave by the classic protocol")
                        .then(
                                LEAVE_GROUP,
                                (side, version) -> new LeaveGroupRequestData()
                                        .setGroupId(group(side, "leave by the classic protocol", version))
                                        .setMembers(List.of(
                                                new MemberIdentity().setMemberId("who"),
                                                new MemberIdentity().setMemberId("one"))))
                        .then(
                                CONSUMER_GROUP_DESCRIBE,
                                (side, version) -> describe(group(side, "leave by the classic protocol", version))),
                beats(
                        "subscribe to nothing",
                        (side, version) ->
                                join(group(side, "nothing", version), "one").setSubscribedTopicNames(List.of())),
                beats(
                        "join by an expression",
                        (side, version) -> join(group(side, "by an expression", version), "one")
                                .setSubscribedTopicRegex(version < 1 ? null : "event.?")
                                .setSubscribedTopicNames(version < 1 ? null : List.of())),
                beats(
                        "subscribe to a topic that is not there",
                        (side, version) -> join(group(side, "missing", version), "one")
                                .setSubscribedTopicNames(List.of("no-such-topic"))));
    }

    private static List<Scenario> statics() {
        String name = "a static consumer";
        return List.of(beats(
                        name,
                        (side, version) ->
                                join(group(side, name, version), "one").setInstanceId("s"))
                .then((side, version) -> join(group(side, name, version), "two").setInstanceId("s"))
                .then((side, version) ->
                        beat(group(side, name, version), "two", 2).setInstanceId("s"))
                .then((side, version) ->
                        beat(group(side, name, version), "one", 2).setInstanceId("x"))
                .then((side, version) -> beat(group(side, name, version), "one", 2))
                .then((side, version) ->
                        beat(group(side, name, version), "one", -2).setInstanceId("s"))
                .then(CONSUMER_GROUP_DESCRIBE, (side, version) -> describe(group(side, name, version)))
                .then((side, version) ->
                        beat(group(side, name, version), "one", 2).setInstanceId("s"))
                .then((side, version) -> join(group(side, name, version), "two").setInstanceId("s"))
                .then(CONSUMER_GROUP_DESCRIBE, (side, version) -> describe(group(side, name, version)))
                .then((side, version) ->
                        beat(group(side, name, version), "one", 2).setInstanceId("s"))
                .then((side, version) -> beat(group(side, name, version), "one", 2))
                .then((side, version) ->
                        beat(group(side, name, version), "two", -1).setInstanceId("s"))
                .then(CONSUMER_GROUP_DESCRIBE, (side, version) -> describe(group(side, name, version))));
    }

    private static List<Scenario> sharing() {
        String name = "two members share";
        return List.of(joined(name)
                .then((side, version) -> join(group(side, name, version), "two"))
                .then((side, version) -> beat(group(side, name, version), "two", 3)));
    }

    private static List<Scenario> offsets() {
        String commits = "commit as a member";
        String fetches = "fetch offsets as a member";
        return List.of(
                Scenario.sequence(commits, OFFSET_COMMIT)
                        .then(CONSUMER_GROUP_HEARTBEAT, (side, version) -> join(group(side, commits, version), "one"))
                        .then((side, version) -> commit(side, group(side, commits, version), "one", 2, version))
                        .then((side, version) -> commit(side, group(side, commits, version), "one", 1, version))
                        .then((side, version) -> commit(side, group(side, commits, version), "one", 9, version))
                        .then((side, version) -> commit(side, group(side, commits, version), "who", 2, version))
                        .then((side, version) -> commit(side, group(side, commits, version), "", -1, version)),
                Scenario.sequence(fetches, OFFSET_FETCH)
                        .then(CONSUMER_GROUP_HEARTBEAT, (side, version) -> join(group(side, fetches, version), "one"))
                        .then((side, version) -> fetch(group(side, fetches, version), "one", 2, version))
                        .then((side, version) -> fetch(group(side, fetches, version), "one", 1, version))
                        .then((side, version) -> fetch(group(side, fetches, version), "who", 2, version))
                        .then((side, version) -> fetch(group(side, fetches, version), null, -1, version)));
    }

    private static List<Scenario> told() {
        String stable = "describe a consumer group";
        String operations = "describe a consumer group with operations";
        String deleted = "delete a consumer group";
        String classic = "describe a consumer group as a classic one";
        return List.of(
                Scenario.of("describe no consumer group", CONSUMER_GROUP_DESCRIBE, (side, version) -> describe()),
                Scenario.of(
                        "describe an unknown consumer group",
                        CONSUMER_GROUP_DESCRIBE,
                        (side, version) -> describe("none")),
                Scenario.sequence(stable, CONSUMER_GROUP_DESCRIBE)
                        .then(
                                CONSUMER_GROUP_HEARTBEAT,
                                (side, version) -> join(group(side, stable, version), "one")
                                        .setInstanceId("s")
                                        .setRackId("r")
                                        .setServerAssignor("range"))
                        .then((side, version) -> describe(group(side, stable, version))),
                Scenario.sequence(operations, CONSUMER_GROUP_DESCRIBE)
                        .then(
                                CONSUMER_GROUP_HEARTBEAT,
                                (side, version) -> join(group(side, operations, version), "one"))
                        .then((side, version) ->
                                describe(group(side, operations, version)).setIncludeAuthorizedOperations(true)),
                Scenario.sequence(classic, DESCRIBE_GROUPS)
                        .then(CONSUMER_GROUP_HEARTBEAT, (side, version) -> join(group(side, classic, version), "one"))
                        .then((side, version) ->
                                new DescribeGroupsRequestData().setGroups(List.of(group(side, classic, version)))),
                Scenario.sequence(deleted, DELETE_GROUPS)
                        .then(CONSUMER_GROUP_HEARTBEAT, (side, version) -> join(group(side, deleted, version), "one"))
                        .then((side, version) -> delete(group(side, deleted, version)))
                        .then(
                                CONSUMER_GROUP_HEARTBEAT,
                                (side, version) -> beat(group(side, deleted, version), "one", -1))
                        .then((side, version) -> delete(group(side, deleted, version)))
                        .then((side, version) -> delete(group(side, deleted, version))));
    }

    // ---- steps that several share ----

    /** A member that has come alone into a group of the scenario's name. */
    private static Scenario joined(String name) {
        return beats(name, (side, version) -> join(group(side, name, version), "one"));
    }

    private static ConsumerGroupHeartbeatRequestData join(String group, String member) {
        return beat(group, member, 0)
                .setRebalanceTimeoutMs(PATIENT_MS)
                .setSubscribedTopicNames(List.of("events"))
                .setTopicPartitions(List.of());
    }

    private static ConsumerGroupHeartbeatRequestData beat(String group, String member, int epoch) {
        return new ConsumerGroupHeartbeatRequestData()
                .setGroupId(group)
                .setMemberId(member)
                .setMemberEpoch(epoch);
    }

    private static List<TopicPartitions> owned(Side side, int... partitions) throws Exception {
        return List.of(new TopicPartitions()
                .setTopicId(side.id("events"))
                .setPartitions(IntStream.of(partitions).boxed().toList()));
    }

    private static ConsumerGroupDescribeRequestData describe(String... groups) {
        return new ConsumerGroupDescribeRequestData().setGroupIds(List.of(groups));
    }

    private static DeleteGroupsRequestData delete(String... groups) {
        return new DeleteGroupsRequestData().setGroupsNames(List.of(groups));
    }

    private static OffsetCommitRequestData commit(Side side, String group, String member, int epoch, short version)
            throws Exception {
        OffsetCommitRequestTopic topic = new OffsetCommitRequestTopic()
                .setPartitions(List.of(new OffsetCommitRequestPartition()
                        .setPartitionIndex(0)
                        .setCommittedOffset(5)
                        .setCommittedMetadata("")));
        if (version >= 10) {
            topic.setTopicId(side.id("events"));
        } else {
            topic.setName("events");
        }
        return new OffsetCommitRequestData()
                .setGroupId(group)
                .setMemberId(member)
                .setGenerationIdOrMemberEpoch(epoch)
                .setTopics(List.of(topic));
    }

    private static OffsetFetchRequestData fetch(String group, String member, int epoch, short version) {
        OffsetFetchRequestGroup asked =
                new OffsetFetchRequestGroup().setGroupId(group).setTopics(null);
        if (version >= 9) {
            asked.setMemberId(member).setMemberEpoch(epoch);
        }
        return version >= 8
                ? new OffsetFetchRequestData().setGroups(List.of(asked))
                : new OffsetFetchRequestData().setGroupId(group).setTopics(version < 2 ? List.of() : null);
    }
}
