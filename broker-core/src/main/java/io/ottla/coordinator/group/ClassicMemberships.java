package io.ottla.coordinator.group;

import io.ottla.coordinator.Answer;
import io.ottla.coordinator.Effects;
import io.ottla.types.Shown;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupResponseData.MemberResponse;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What members of a classic group do between joins: they ask for their assignment, report, leave, or fall silent. */
final class ClassicMemberships {
    private static final Logger LOG = LoggerFactory.getLogger(ClassicMemberships.class);

    private final ClassicSessions sessions;
    private final ClassicRebalances rebalances;
    private final Consumer<ClassicGroup> idle;

    /** @param idle told of a group in which nobody is and of which nothing is stored */
    ClassicMemberships(ClassicSessions sessions, ClassicRebalances rebalances, Consumer<ClassicGroup> idle) {
        this.sessions = sessions;
        this.rebalances = rebalances;
        this.idle = idle;
    }

    /** Asks for a member's assignment; the leader brings all. */
    Effects<GroupRecord> sync(
            ClassicGroup group, SyncGroupRequestData request, Consumer<SyncGroupResponseData> answer) {
        Errors refusal = syncRefusal(group, request);
        if (refusal != Errors.NONE) {
            return Effects.now(ClassicAnswers.answer(answer, ClassicAnswers.sync(refusal)));
        }
        ClassicMember member = group.roster().member(request.memberId());
        if (group.isIn(ClassicState.STABLE)) {
            rebalances.hasSynced(group, member.id());
            sessions.heardOf(group, member);
            return Effects.read(
                    group.id(),
                    ClassicAnswers.answer(answer, ClassicRebalances.assignment(group, member.assignment())));
        }
        Effects<GroupRecord> effects = Effects.none();
        Consumer<SyncGroupResponseData> earlier = member.takeSync();
        if (earlier != null) {
            effects.answer(ClassicAnswers.answer(earlier, ClassicAnswers.sync(Errors.REBALANCE_IN_PROGRESS)));
        }
        member.awaitSync(answer);
        rebalances.hasSynced(group, member.id());
        if (!group.roster().isLeader(member.id())) {
            return effects;
        }
        Map<String, byte[]> assignments = new HashMap<>();
        for (SyncGroupRequestAssignment each : request.assignments()) {
            assignments.put(each.memberId(), each.assignment());
        }
        return rebalances.assign(group, assignments, effects);
    }

    private static Errors syncRefusal(ClassicGroup group, SyncGroupRequestData request) {
        if (group.isEmpty()) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        Errors refusal = group.roster().refusal(request.memberId(), request.groupInstanceId());
        if (refusal != Errors.NONE) {
            return refusal;
        }
        if (request.generationId() != group.generation()) {
            return Errors.ILLEGAL_GENERATION;
        }
        if (differ(request.protocolType(), group.protocolTypeOrNull())
                || differ(request.protocolName(), group.protocol())) {
            return Errors.INCONSISTENT_GROUP_PROTOCOL;
        }
        return group.isIn(ClassicState.PREPARING_REBALANCE) ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE;
    }

    private static boolean differ(String one, String other) {
        return one != null && other != null && !one.equals(other);
    }

    /** A member reports. */
    Errors heartbeat(ClassicGroup group, String memberId, String instanceId, int generation) {
        Errors refusal = group.roster().refusal(memberId, instanceId);
        if (refusal != Errors.NONE) {
            return refusal;
        }
        if (generation != group.generation()) {
            return Errors.ILLEGAL_GENERATION;
        }
        sessions.heardOf(group, group.roster().member(memberId));
        return group.isIn(ClassicState.PREPARING_REBALANCE) ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE;
    }

    /** A member committed offsets, which says that it lives while no assignment is awaited. */
    void committed(ClassicGroup group, String memberId) {
        ClassicMember member = group.roster().member(memberId);
        if (member != null && !group.isIn(ClassicState.COMPLETING_REBALANCE)) {
            sessions.heardOf(group, member);
        }
    }

    /** Members leave, by their id, or are taken out by their instance id (KIP-345, KIP-800). */
    Effects<GroupRecord> leave(
            ClassicGroup group, List<MemberIdentity> leaving, LeaveGroupResponseData response, Answer answer) {
        Effects<GroupRecord> effects = Effects.none();
        List<String> reasons = new ArrayList<>();
        for (MemberIdentity member : leaving) {
            Errors error = leave(group, member, effects);
            response.members()
                    .add(new MemberResponse()
                            .setMemberId(member.memberId())
                            .setGroupInstanceId(member.groupInstanceId())
                            .setErrorCode(error.code()));
            if (error == Errors.NONE) {
                reasons.add(member.reason() == null ? "no reason given" : member.reason());
            }
        }
        if (!reasons.isEmpty()) {
            gone(group, "members left: " + reasons, effects);
        }
        return effects.answer(answer);
    }

    private Errors leave(ClassicGroup group, MemberIdentity member, Effects<GroupRecord> effects) {
        String memberId = member.memberId();
        if (memberId.isEmpty()) {
            String named =
                    member.groupInstanceId() == null ? null : group.roster().staticMember(member.groupInstanceId());
            if (named == null) {
                return Errors.UNKNOWN_MEMBER_ID;
            }
            remove(group, group.roster().member(named), effects);
            return Errors.NONE;
        }
        if (group.roster().isPendingJoin(memberId)) {
            group.roster().remove(memberId);
            return Errors.NONE;
        }
        Errors refusal = group.roster().refusal(memberId, member.groupInstanceId());
        if (refusal == Errors.NONE) {
            remove(group, group.roster().member(memberId), effects);
        }
        return refusal;
    }

    /** Takes a member out. Whoever waits as it is told to come as a new one. */
    private static void remove(ClassicGroup group, ClassicMember member, Effects<GroupRecord> effects) {
        Consumer<JoinGroupResponseData> join = group.roster().takeJoin(member);
        if (join != null) {
            effects.answer(ClassicAnswers.answer(
                    join, ClassicAnswers.join(ClassicAnswers.NO_MEMBER, Errors.UNKNOWN_MEMBER_ID)));
        }
        Consumer<SyncGroupResponseData> sync = member.takeSync();
        if (sync != null) {
            effects.answer(ClassicAnswers.answer(sync, ClassicAnswers.sync(Errors.UNKNOWN_MEMBER_ID)));
        }
        group.roster().remove(member.id());
    }

    /** Members are out: the others rebalance, or a rebalance need not wait for them. */
    private Effects<GroupRecord> gone(ClassicGroup group, String reason, Effects<GroupRecord> effects) {
        switch (group.state()) {
            case STABLE, COMPLETING_REBALANCE -> rebalances.prepare(group, reason, effects);
            case PREPARING_REBALANCE -> {
                if (group.roster().haveAllJoined()) {
                    rebalances.complete(group, effects);
                }
            }
            case EMPTY -> {
                if (group.isUnstored() && group.roster().pendingJoins() == 0) {
                    idle.accept(group);
                }
            }
        }
        return effects;
    }

    /** A member was not heard of in time. */
    Effects<GroupRecord> expired(ClassicGroup group, ClassicMember member) {
        if (!member.isNew() && (member.isAwaitingJoin() || member.isAwaitingSync())) {
            return Effects.none();
        }
        LOG.info(
                "Group {} goes on without member {}, which was not heard of in time",
                Shown.of(group.id()),
                Shown.of(member.id()));
        Effects<GroupRecord> effects = Effects.none();
        remove(group, member, effects);
        return gone(group, "a member was not heard of in time", effects);
    }

    /** Somebody was given a member id and did not come with it in time. */
    Effects<GroupRecord> pendingExpired(ClassicGroup group, String memberId) {
        if (!group.roster().isPendingJoin(memberId)) {
            return Effects.none();
        }
        group.roster().remove(memberId);
        return gone(group, "a member did not come", Effects.none());
    }
}
