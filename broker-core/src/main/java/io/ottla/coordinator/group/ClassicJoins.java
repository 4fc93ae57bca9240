package io.ottla.coordinator.group;

import io.ottla.config.GroupProperties;
import io.ottla.coordinator.Effects;
import io.ottla.time.Clock;
import io.ottla.types.Shown;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/** Who comes into a classic group, or comes again. */
final class ClassicJoins {
    /** From this version on somebody without an id is given one and must come again with it (KIP-394). */
    private static final short FIRST_WITH_KNOWN_MEMBER = 4;
    /** From this version on a leader can be told to leave the assignment as it is (KIP-814). */
    private static final short FIRST_WITH_SKIPPED_ASSIGNMENT = 9;

    private final GroupProperties properties;
    private final ClassicSessions sessions;
    private final ClassicRebalances rebalances;
    private final ClassicMemberships memberships;
    private final Supplier<String> ids;
    private final Clock clock;

    /** @param ids draws what makes member ids different, never the same twice */
    ClassicJoins(
            GroupProperties properties,
            ClassicSessions sessions,
            ClassicRebalances rebalances,
            ClassicMemberships memberships,
            Supplier<String> ids,
            Clock clock) {
        this.properties = properties;
        this.sessions = sessions;
        this.rebalances = rebalances;
        this.memberships = memberships;
        this.ids = ids;
        this.clock = clock;
    }

    /** One request on its way. */
    private record Joining(
            ClassicGroup group,
            GroupAsker asker,
            JoinGroupRequestData request,
            List<ClassicMember.Protocol> protocols,
            Consumer<JoinGroupResponseData> answer) {
        Effects<GroupRecord> refuse(String memberId, Errors error) {
            return Effects.now(ClassicAnswers.answer(answer, ClassicAnswers.join(memberId, error)));
        }

        /** The first version has but one timeout. */
        int rebalanceTimeoutMs() {
            return asker.version() == 0 ? request.sessionTimeoutMs() : request.rebalanceTimeoutMs();
        }

        String reason(String what) {
            String said = request.reason();
            return said == null || said.isEmpty() ? what : what + ": " + Shown.of(said);
        }
    }

    Effects<GroupRecord> join(
            ClassicGroup group,
            GroupAsker asker,
            JoinGroupRequestData request,
            Consumer<JoinGroupResponseData> answer) {
        Joining joining = new Joining(group, asker, request, ClassicMember.Protocol.of(request.protocols()), answer);
        String memberId = request.memberId();
        if (!hasRoom(group, memberId)) {
            group.roster().remove(memberId);
            return joining.refuse(ClassicAnswers.NO_MEMBER, Errors.GROUP_MAX_SIZE_REACHED);
        }
        if (!group.supports(request.protocolType(), joining.protocols())) {
            return joining.refuse(memberId, Errors.INCONSISTENT_GROUP_PROTOCOL);
        }
        return memberId.isEmpty() ? joinAsNew(joining) : joinAgain(joining);
    }

    private boolean hasRoom(ClassicGroup group, String memberId) {
        ClassicMember member = group.roster().member(memberId);
        return switch (group.state()) {
            case EMPTY -> true;
            case PREPARING_REBALANCE ->
                member != null && member.isAwaitingJoin() || group.roster().awaitingJoins() < properties.maxSize();
            case COMPLETING_REBALANCE, STABLE ->
                member != null || group.roster().size() < properties.maxSize();
        };
    }

    private Effects<GroupRecord> joinAsNew(Joining joining) {
        String instanceId = joining.request().groupInstanceId();
        ClassicGroup group = joining.group();
        if (instanceId != null) {
            String newId = instanceId + "-" + ids.get();
            String present = group.roster().staticMember(instanceId);
            return present == null ? add(joining, newId) : replace(joining, present, newId);
        }
        String newId = joining.asker().clientId() + "-" + ids.get();
        if (joining.asker().version() < FIRST_WITH_KNOWN_MEMBER) {
            return add(joining, newId);
        }
        group.roster()
                .addPendingJoin(
                        newId,
                        sessions.after(
                                group,
                                joining.request().sessionTimeoutMs(),
                                () -> memberships.pendingExpired(group, newId)));
        return joining.refuse(newId, Errors.MEMBER_ID_REQUIRED);
    }

    private Effects<GroupRecord> joinAgain(Joining joining) {
        ClassicGroup group = joining.group();
        String memberId = joining.request().memberId();
        String instanceId = joining.request().groupInstanceId();
        if (group.roster().isPendingJoin(memberId)) {
            return instanceId == null ? add(joining, memberId) : joining.refuse(memberId, Errors.UNKNOWN_MEMBER_ID);
        }
        Errors refusal = group.roster().refusal(memberId, instanceId);
        if (refusal != Errors.NONE) {
            return joining.refuse(memberId, refusal);
        }
        ClassicMember member = group.roster().member(memberId);
        boolean same = member.matches(joining.protocols());
        return switch (group.state()) {
            case PREPARING_REBALANCE -> update(joining, member, "a member joins again");
            case COMPLETING_REBALANCE ->
                same
                        ? tellPresent(joining, group.roster().isLeader(memberId))
                        : update(joining, member, "a member has changed");
            case STABLE -> {
                if (group.roster().isLeader(memberId)) {
                    yield update(joining, member, "the leader joins again");
                }
                yield same ? tellPresent(joining, false) : update(joining, member, "a member has changed");
            }
            case EMPTY -> joining.refuse(memberId, Errors.UNKNOWN_MEMBER_ID);
        };
    }

    /** Nothing has changed for it: it is told the present generation. */
    private Effects<GroupRecord> tellPresent(Joining joining, boolean withMembers) {
        ClassicGroup group = joining.group();
        JoinGroupResponseData answer =
                ClassicRebalances.generation(group, joining.request().memberId());
        return Effects.now(ClassicAnswers.answer(
                joining.answer(),
                answer.setMembers(withMembers ? group.roster().described(group.protocol()) : List.of())));
    }

    private Effects<GroupRecord> add(Joining joining, String memberId) {
        ClassicGroup group = joining.group();
        ClassicMember member = new ClassicMember(
                memberId,
                joining.request().groupInstanceId(),
                joining.asker().clientId(),
                joining.asker().clientHost(),
                joining.rebalanceTimeoutMs(),
                joining.request().sessionTimeoutMs(),
                joining.protocols());
        member.markNew(true);
        if (group.isIn(ClassicState.PREPARING_REBALANCE) && group.previousState() == ClassicState.EMPTY) {
            group.markNewMemberAdded(true);
        }
        if (group.roster().size() == 0) {
            group.speak(joining.request().protocolType());
        }
        group.roster().add(member);
        group.roster().awaitJoin(member, joining.answer());
        sessions.heardOf(group, member, properties.newMemberTimeoutMs());
        return rebalances.prepareOrComplete(group, joining.reason("a member joins"), Effects.none());
    }

    private Effects<GroupRecord> update(Joining joining, ClassicMember member, String reason) {
        ClassicGroup group = joining.group();
        Effects<GroupRecord> effects = Effects.none();
        change(joining, member, effects);
        return rebalances.prepareOrComplete(group, joining.reason(reason), effects);
    }

    private static void change(Joining joining, ClassicMember member, Effects<GroupRecord> effects) {
        ClassicGroup group = joining.group();
        group.roster()
                .update(
                        member,
                        joining.protocols(),
                        joining.rebalanceTimeoutMs(),
                        joining.request().sessionTimeoutMs());
        Consumer<JoinGroupResponseData> earlier = group.roster().takeJoin(member);
        if (earlier != null) {
            effects.answer(ClassicAnswers.answer(earlier, member.refusedJoin(Errors.REBALANCE_IN_PROGRESS)));
        }
        group.roster().awaitJoin(member, joining.answer());
    }

    /**
     * A static member comes back without knowing its id: it takes the place of the one it was. Where nothing else changes,
     * the group goes on as it is; the other one is fenced.
     */
    private Effects<GroupRecord> replace(Joining joining, String oldId, String newId) {
        ClassicGroup group = joining.group();
        String leader = group.roster().leader();
        Effects<GroupRecord> effects = Effects.none();
        ClassicMember old = group.roster().member(oldId);
        fence(group, old, effects);
        List<ClassicMember.Protocol> oldProtocols = old.protocols();
        int oldRebalanceMs = old.rebalanceTimeoutMs();
        int oldSessionMs = old.sessionTimeoutMs();
        ClassicMember member = group.roster().rename(oldId, newId);
        sessions.heardOf(group, member);
        change(joining, member, effects);
        return switch (group.state()) {
            case STABLE -> {
                if (!group.roster().selectProtocol().equals(group.protocol())) {
                    yield rebalances.prepare(
                            group, joining.reason("a static member came back with other protocols"), effects);
                }
                Consumer<JoinGroupResponseData> answer = group.roster().takeJoin(member);
                member.markNew(false);
                effects.answer(ClassicAnswers.answer(answer, replaced(joining, newId, leader)))
                        .store(new GroupRecord.ClassicGroupSet(
                                group.id(), group.stored(group.assignments(), clock.wallMs())))
                        .onRevert(() -> {
                            if (group.roster().member(newId) == member) {
                                group.roster().update(member, oldProtocols, oldRebalanceMs, oldSessionMs);
                                sessions.heardOf(group, group.roster().rename(newId, oldId));
                            }
                        });
                yield effects;
            }
            case COMPLETING_REBALANCE ->
                rebalances.prepare(group, joining.reason("a static member came back before its assignment"), effects);
            case PREPARING_REBALANCE -> rebalances.completeIfAllJoined(group, effects);
            case EMPTY ->
                throw new IllegalStateException("Expected no members in the empty group " + Shown.of(group.id()));
        };
    }

    private static void fence(ClassicGroup group, ClassicMember old, Effects<GroupRecord> effects) {
        Consumer<JoinGroupResponseData> join = group.roster().takeJoin(old);
        if (join != null) {
            effects.answer(ClassicAnswers.answer(join, old.refusedJoin(Errors.FENCED_INSTANCE_ID)));
        }
        var sync = old.takeSync();
        if (sync != null) {
            effects.answer(ClassicAnswers.answer(sync, ClassicAnswers.sync(Errors.FENCED_INSTANCE_ID)));
        }
    }

    /**
     * Older clients are told the leader's old id, so that a leader that was replaced does not assign anew; newer ones are
     * told to leave the assignment alone.
     */
    private JoinGroupResponseData replaced(Joining joining, String newId, String formerLeader) {
        ClassicGroup group = joining.group();
        JoinGroupResponseData answer = ClassicRebalances.generation(group, newId);
        if (joining.asker().version() < FIRST_WITH_SKIPPED_ASSIGNMENT) {
            return answer.setLeader(formerLeader);
        }
        boolean leads = group.roster().isLeader(newId);
        return answer.setSkipAssignment(leads)
                .setMembers(leads ? group.roster().described(group.protocol()) : List.of());
    }
}
