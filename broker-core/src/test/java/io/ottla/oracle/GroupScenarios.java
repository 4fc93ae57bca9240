package io.ottla.oracle;

import static org.apache.kafka.common.protocol.ApiKeys.DELETE_GROUPS;
import static org.apache.kafka.common.protocol.ApiKeys.DESCRIBE_GROUPS;
import static org.apache.kafka.common.protocol.ApiKeys.HEARTBEAT;
import static org.apache.kafka.common.protocol.ApiKeys.JOIN_GROUP;
import static org.apache.kafka.common.protocol.ApiKeys.LEAVE_GROUP;
import static org.apache.kafka.common.protocol.ApiKeys.LIST_GROUPS;
import static org.apache.kafka.common.protocol.ApiKeys.SYNC_GROUP;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Utils;

/** Members of classic groups: how they come, report, leave, and what is told of them. */
final class GroupScenarios {
    static final short JOIN = 9;
    /** Longer than all of the comparison: who comes stays until the end, on both sides. */
    private static final int PATIENT_MS = 1_200_000;

    private static final String LEADER = "leader";

    private GroupScenarios() {}

    static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>(joins());
        all.addAll(strangers());
        all.addAll(members());
        all.addAll(statics());
        all.addAll(lists());
        return all;
    }

    private static List<Scenario> joins() {
        return List.of(
                Scenario.of("join a group without a name", JOIN_GROUP, (side, version) -> join("", version)),
                Scenario.of(
                        "join as an unknown member",
                        JOIN_GROUP,
                        (side, version) ->
                                join(group(side, "nobody", version), version).setMemberId("who")),
                Scenario.of(
                        "join with a session that is too short",
                        JOIN_GROUP,
                        (side, version) ->
                                join(group(side, "short", version), version).setSessionTimeoutMs(10)),
                Scenario.of(
                        "join with a session that is too long",
                        JOIN_GROUP,
                        (side, version) ->
                                join(group(side, "long", version), version).setSessionTimeoutMs(Integer.MAX_VALUE)),
                Scenario.of("join without protocols", JOIN_GROUP, (side, version) -> {
                    JoinGroupRequestData request = join(group(side, "mute", version), version);
                    request.protocols().clear();
                    return request;
                }),
                Scenario.of(
                        "join without a type",
                        JOIN_GROUP,
                        (side, version) ->
                                join(group(side, "untyped", version), version).setProtocolType("")),
                Scenario.of(
                        "join as a new member",
                        JOIN_GROUP,
                        (side, version) -> join(group(side, "new", version), version)),
                joined("join alone", JOIN_GROUP),
                joined("join again as the leader", JOIN_GROUP)
                        .then((side, version) -> again(side, version, "join again as the leader")),
                joined("join with another protocol", JOIN_GROUP).then((side, version) -> {
                    JoinGroupRequestData request = again(side, version, "join with another protocol");
                    request.protocols().clear();
                    request.protocols().add(protocol("other"));
                    return request;
                }),
                joined("join with another type", JOIN_GROUP)
                        .then((side, version) ->
                                again(side, version, "join with another type").setProtocolType("connect")),
                joined("join a group that is not empty as nobody", JOIN_GROUP)
                        .then((side, version) -> join(
                                        group(side, "join a group that is not empty as nobody", version), version)
                                .setMemberId("who")));
    }

    private static List<Scenario> strangers() {
        return List.of(
                Scenario.of("heartbeat without a group", HEARTBEAT, (side, version) -> heartbeat("", "who", 1)),
                Scenario.of("heartbeat in an unknown group", HEARTBEAT, (side, version) -> heartbeat("none", "who", 1)),
                Scenario.of("sync without a group", SYNC_GROUP, (side, version) -> sync("", "who", 1, version)),
                Scenario.of("sync in an unknown group", SYNC_GROUP, (side, version) -> sync("none", "who", 1, version)),
                Scenario.of(
                        "sync without a protocol",
                        SYNC_GROUP,
                        (side, version) -> sync("none", "who", 1, version)
                                .setProtocolName(null)
                                .setProtocolType(null)),
                Scenario.of("leave without a group", LEAVE_GROUP, (side, version) -> leave(version, "", "who")),
                Scenario.of("leave an unknown group", LEAVE_GROUP, (side, version) -> leave(version, "none", "who")));
    }

    private static List<Scenario> members() {
        return List.of(
                stable("sync as a follower does", SYNC_GROUP)
                        .then((side, version) -> sync(
                                        group(side, "sync as a follower does", version),
                                        id(side, version, "sync as a follower does"),
                                        1,
                                        version)
                                .setAssignments(List.of())),
                stable("sync of another generation", SYNC_GROUP)
                        .then((side, version) -> sync(
                                group(side, "sync of another generation", version),
                                id(side, version, "sync of another generation"),
                                7,
                                version)),
                stable("sync of a stranger", SYNC_GROUP)
                        .then((side, version) -> sync(group(side, "sync of a stranger", version), "who", 1, version)),
                stable("sync with another protocol", SYNC_GROUP)
                        .then((side, version) -> sync(
                                        group(side, "sync with another protocol", version),
                                        id(side, version, "sync with another protocol"),
                                        1,
                                        version)
                                .setProtocolName("other")),
                stable("heartbeat", HEARTBEAT)
                        .then((side, version) ->
                                heartbeat(group(side, "heartbeat", version), id(side, version, "heartbeat"), 1)),
                stable("heartbeat of another generation", HEARTBEAT)
                        .then((side, version) -> heartbeat(
                                group(side, "heartbeat of another generation", version),
                                id(side, version, "heartbeat of another generation"),
                                0)),
                stable("heartbeat of a stranger", HEARTBEAT)
                        .then((side, version) -> heartbeat(group(side, "heartbeat of a stranger", version), "who", 1)),
                stable("heartbeat with an unknown instance", HEARTBEAT)
                        .then((side, version) -> heartbeat(
                                        group(side, "heartbeat with an unknown instance", version),
                                        id(side, version, "heartbeat with an unknown instance"),
                                        1)
                                .setGroupInstanceId(version < 3 ? null : "nobody")),
                stable("leave", LEAVE_GROUP)
                        .then((side, version) ->
                                leave(version, group(side, "leave", version), id(side, version, "leave")))
                        .then((side, version) ->
                                leave(version, group(side, "leave", version), id(side, version, "leave")))
                        .then(DESCRIBE_GROUPS, (side, version) -> describe(group(side, "leave", version))),
                stable("leave as a stranger", LEAVE_GROUP)
                        .then((side, version) ->
                                leave(version, group(side, "leave as a stranger", version), "who", "")),
                stable("leave with nobody", LEAVE_GROUP)
                        .then((side, version) -> new LeaveGroupRequestData()
                                .setGroupId(group(side, "leave with nobody", version))
                                .setMembers(List.of())));
    }

    private static List<Scenario> statics() {
        String back = "a static member comes back";
        return List.of(Scenario.sequence(back, JOIN_GROUP)
                .remembering(
                        (side, version) ->
                                join(group(side, back, version), version).setGroupInstanceId("s"),
                        (side, answer) -> remember(side, back, answer))
                .then(
                        SYNC_GROUP,
                        (side, version) -> sync(group(side, back, version), id(side, version, back), 1, (short) 5)
                                .setGroupInstanceId("s"))
                .then((side, version) ->
                        join(group(side, back, version), version).setGroupInstanceId("s"))
                .then(
                        HEARTBEAT,
                        (side, version) -> heartbeat(group(side, back, version), id(side, version, back), 1)
                                .setGroupInstanceId("s"))
                .then(
                        LEAVE_GROUP,
                        (side, version) -> new LeaveGroupRequestData()
                                .setGroupId(group(side, back, version))
                                .setMembers(List.of(
                                        new MemberIdentity().setMemberId("").setGroupInstanceId("t"),
                                        new MemberIdentity().setMemberId("x").setGroupInstanceId("s"),
                                        new MemberIdentity().setMemberId("").setGroupInstanceId("s")))));
    }

    private static List<Scenario> lists() {
        return List.of(
                Scenario.of("describe no group", DESCRIBE_GROUPS, (side, version) -> describe()),
                Scenario.of("describe an unknown group", DESCRIBE_GROUPS, (side, version) -> describe("none", "")),
                stable("describe a stable group", DESCRIBE_GROUPS)
                        .then((side, version) -> describe(group(side, "describe a stable group", version))),
                stable("describe with operations", DESCRIBE_GROUPS)
                        .then((side, version) -> describe(group(side, "describe with operations", version))
                                .setIncludeAuthorizedOperations(version >= 3)),
                joined("describe a group that waits for its leader", DESCRIBE_GROUPS)
                        .then((side, version) ->
                                describe(group(side, "describe a group that waits for its leader", version))),
                Scenario.of(
                        "list groups of an unknown state",
                        LIST_GROUPS,
                        (side, version) -> new ListGroupsRequestData()
                                .setStatesFilter(version < 4 ? List.of() : List.of("NoSuchState"))
                                .setTypesFilter(version < 5 ? List.of() : List.of("consumer"))),
                Scenario.of(
                        "list groups of an unknown type",
                        LIST_GROUPS,
                        (side, version) -> new ListGroupsRequestData()
                                .setStatesFilter(version < 4 ? List.of() : List.of("NoSuchState"))
                                .setTypesFilter(version < 5 ? List.of() : List.of("nosuchtype"))),
                Scenario.of(
                        "list groups that are stable",
                        LIST_GROUPS,
                        (side, version) -> new ListGroupsRequestData()
                                .setStatesFilter(version < 4 ? List.of() : List.of("DEAD"))
                                .setTypesFilter(version < 5 ? List.of() : List.of("Classic"))),
                Scenario.of("list all groups", LIST_GROUPS, (side, version) -> new ListGroupsRequestData()),
                Scenario.of("delete no group", DELETE_GROUPS, (side, version) -> delete()),
                Scenario.of("delete unknown groups", DELETE_GROUPS, (side, version) -> delete("none", "", "none")),
                stable("delete a group that is not empty", DELETE_GROUPS)
                        .then((side, version) -> delete(group(side, "delete a group that is not empty", version))),
                stable("delete a group", DELETE_GROUPS)
                        .then(
                                LEAVE_GROUP,
                                (side, version) -> leave(
                                        (short) 5,
                                        group(side, "delete a group", version),
                                        id(side, version, "delete a group")))
                        .then((side, version) -> delete(group(side, "delete a group", version)))
                        .then((side, version) -> delete(group(side, "delete a group", version))));
    }

    // ---- steps that several share ----

    /** Each version has a group of its own. */
    static String group(Side side, String name, short version) throws Exception {
        side.awaitCoordinator("g");
        return name + " " + version;
    }

    /** A member that has joined a group of its own, which bears the scenario's name, and waits for its assignment. */
    static Scenario joined(String name, ApiKeys key) {
        Scenario start = Scenario.sequence(name, key);
        return start.remembering(
                        JOIN_GROUP,
                        (side, version) -> join(group(side, name, version), JOIN),
                        (side, answer) -> remember(side, name, answer))
                .remembering(
                        JOIN_GROUP,
                        (side, version) ->
                                join(group(side, name, version), JOIN).setMemberId(id(side, version, name)),
                        (side, answer) -> remember(side, name, answer));
    }

    /** As above, and it has its assignment. */
    static Scenario stable(String name, ApiKeys key) {
        return joined(name, key)
                .then(
                        SYNC_GROUP,
                        (side, version) -> sync(group(side, name, version), id(side, version, name), 1, (short) 5));
    }

    private static void remember(Side side, String name, ApiMessage answer) {
        JoinGroupResponseData joined = (JoinGroupResponseData) answer;
        if (joined.errorCode() == Errors.NONE.code() || joined.errorCode() == Errors.MEMBER_ID_REQUIRED.code()) {
            side.texts.put(LEADER + name, joined.memberId());
        }
    }

    static String id(Side side, short version, String name) {
        return side.texts.getOrDefault(LEADER + name, "");
    }

    private static JoinGroupRequestData again(Side side, short version, String name) throws Exception {
        return join(group(side, name, version), version).setMemberId(id(side, version, name));
    }

    static JoinGroupRequestData join(String group, short version) {
        JoinGroupRequestData request = new JoinGroupRequestData()
                .setGroupId(group)
                .setMemberId("")
                .setProtocolType("consumer")
                .setSessionTimeoutMs(PATIENT_MS)
                .setRebalanceTimeoutMs(version == 0 ? -1 : PATIENT_MS);
        request.protocols().add(protocol("range"));
        return request;
    }

    private static JoinGroupRequestProtocol protocol(String name) {
        return new JoinGroupRequestProtocol()
                .setName(name)
                .setMetadata(
                        Utils.toArray(ConsumerProtocol.serializeSubscription(new Subscription(List.of("events")))));
    }

    private static HeartbeatRequestData heartbeat(String group, String member, int generation) {
        return new HeartbeatRequestData().setGroupId(group).setMemberId(member).setGenerationId(generation);
    }

    private static SyncGroupRequestData sync(String group, String member, int generation, short version) {
        return new SyncGroupRequestData()
                .setGroupId(group)
                .setMemberId(member)
                .setGenerationId(generation)
                .setProtocolType(version < 5 ? null : "consumer")
                .setProtocolName(version < 5 ? null : "range")
                .setAssignments(List.of(new SyncGroupRequestAssignment()
                        .setMemberId(member)
                        .setAssignment("assigned".getBytes(StandardCharsets.UTF_8))));
    }

    private static LeaveGroupRequestData leave(short version, String group, String... members) {
        LeaveGroupRequestData request = new LeaveGroupRequestData().setGroupId(group);
        if (version < 3) {
            return request.setMemberId(members[0]);
        }
        List<MemberIdentity> all = new ArrayList<>();
        for (String member : members) {
            all.add(new MemberIdentity().setMemberId(member).setReason(version < 5 ? null : "because"));
        }
        return request.setMembers(all);
    }

    private static DescribeGroupsRequestData describe(String... groups) {
        return new DescribeGroupsRequestData().setGroups(List.of(groups));
    }

    private static DeleteGroupsRequestData delete(String... groups) {
        return new DeleteGroupsRequestData().setGroupsNames(List.of(groups));
    }
}
