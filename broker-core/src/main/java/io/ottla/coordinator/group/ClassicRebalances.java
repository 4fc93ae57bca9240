package io.ottla.coordinator.group;

import io.ottla.config.GroupProperties;
import io.ottla.coordinator.Effects;
import io.ottla.time.Clock;
import io.ottla.types.Shown;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a classic group comes from one generation to the next: it waits until all members have joined or the longest of their
 * rebalance timeouts is over, tells everybody the new generation, and waits for the leader's assignment. Every method adds
 * to the effects it is given and returns them.
 */
final class ClassicRebalances {
    private static final Logger LOG = LoggerFactory.getLogger(ClassicRebalances.class);

    private static final int STORE_AGAIN_MS = 1_000;

    private final GroupProperties properties;
    private final ClassicSessions sessions;
    private final Clock clock;
    private final Consumer<ClassicGroup> idle;
    private final GroupMeter meter;

    /** @param idle told of a group in which nobody is and of which nothing is stored */
    ClassicRebalances(
            GroupProperties properties,
            ClassicSessions sessions,
            Clock clock,
            Consumer<ClassicGroup> idle,
            GroupMeter meter) {
        this.properties = properties;
        this.sessions = sessions;
        this.clock = clock;
        this.idle = idle;
        this.meter = meter;
    }

    /** Begins a rebalance, or goes on with the one under way. */
    Effects<GroupRecord> prepareOrComplete(ClassicGroup group, String reason, Effects<GroupRecord> effects) {
        return group.isIn(ClassicState.PREPARING_REBALANCE)
                ? completeIfAllJoined(group, effects)
                : prepare(group, reason, effects);
    }

    /** Begins a rebalance. */
    Effects<GroupRecord> prepare(ClassicGroup group, String reason, Effects<GroupRecord> effects) {
        if (group.isIn(ClassicState.COMPLETING_REBALANCE)) {
            refuseSyncs(group, Errors.REBALANCE_IN_PROGRESS, effects);
        }
        group.syncTimer(null);
        boolean isFirst = group.isEmpty();
        group.move(ClassicState.PREPARING_REBALANCE, clock.wallMs());
        LOG.info(
                "Group {} prepares to rebalance from generation {} with {} members: {}",
                Shown.of(group.id()),
                group.generation(),
                group.roster().size(),
                reason);
        if (isFirst) {
            int delayMs = properties.initialRebalanceDelayMs();
            delay(group, delayMs, Math.max(group.roster().rebalanceTimeoutMs() - delayMs, 0));
            return effects;
        }
        if (group.roster().haveAllJoined()) {
            return complete(group, effects);
        }
        group.joinTimer(
                sessions.after(group, group.roster().rebalanceTimeoutMs(), () -> complete(group, Effects.none())));
        return effects;
    }

    /** An empty group waits for more members, again and again while there come some. */
    private void delay(ClassicGroup group, int delayMs, int leftMs) {
        group.joinTimer(sessions.after(group, delayMs, () -> {
            if (!group.isNewMemberAdded() || leftMs == 0) {
                return complete(group, Effects.none());
            }
            group.markNewMemberAdded(false);
            delay(group, Math.min(properties.initialRebalanceDelayMs(), leftMs), Math.max(leftMs - delayMs, 0));
            return Effects.none();
        }));
    }

    /** Members have come or gone: where all have joined, there is nothing to wait for, but for a first rebalance's delay. */
    Effects<GroupRecord> completeIfAllJoined(ClassicGroup group, Effects<GroupRecord> effects) {
        boolean ready = group.isIn(ClassicState.PREPARING_REBALANCE)
                && group.previousState() != ClassicState.EMPTY
                && group.roster().haveAllJoined();
        return ready ? complete(group, effects) : effects;
    }

    /** The time for joining is over: who has not joined is out, but for static members, and the generation begins. */
    Effects<GroupRecord> complete(ClassicGroup group, Effects<GroupRecord> effects) {
        if (!group.isIn(ClassicState.PREPARING_REBALANCE)) {
            return effects;
        }
        group.joinTimer(null);
        for (ClassicMember member : List.copyOf(group.roster().members())) {
            if (!member.isAwaitingJoin() && member.instanceId() == null) {
                LOG.info(
                        "Group {} goes on without member {}, which did not rejoin in time",
                        Shown.of(group.id()),
                        Shown.of(member.id()));
                group.roster().remove(member.id());
            }
        }
        if (group.roster().size() > 0 && !group.roster().electJoinedLeader()) {
            // Only static members that have not come back: until their sessions end, nothing goes on.
            group.joinTimer(
                    sessions.after(group, group.roster().rebalanceTimeoutMs(), () -> complete(group, Effects.none())));
            return effects;
        }
        group.beginGeneration(clock.wallMs());
        if (group.isEmpty()) {
            LOG.info("Group {} is empty in generation {}", Shown.of(group.id()), group.generation());
            if (group.isUnstored()) {
                idle.accept(group);
                return effects;
            }
            return storeEmpty(group, group.generation(), effects);
        }
        LOG.info(
                "Group {} begins generation {} with {} members",
                Shown.of(group.id()),
                group.generation(),
                group.roster().size());
        for (ClassicMember member : group.roster().members()) {
            tellGeneration(group, member, effects);
        }
        int generation = group.generation();
        group.syncTimer(sessions.after(group, group.roster().rebalanceTimeoutMs(), () -> syncsOver(group, generation)));
        return effects;
    }

    /**
     * Its members have gone, whether or not that can be stored: until it is, a coordinator that takes over would wait for
     * them once more.
     */
    private Effects<GroupRecord> storeEmpty(ClassicGroup group, int generation, Effects<GroupRecord> effects) {
        if (!group.isEmpty() || group.generation() != generation) {
            return effects;
        }
        return effects.store(new GroupRecord.ClassicGroupSet(group.id(), group.stored(Map.of(), clock.wallMs())))
                .onRevert(() ->
                        sessions.after(group, STORE_AGAIN_MS, () -> storeEmpty(group, generation, Effects.none())));
    }

    private void tellGeneration(ClassicGroup group, ClassicMember member, Effects<GroupRecord> effects) {
        Consumer<JoinGroupResponseData> waiting = group.roster().takeJoin(member);
        if (waiting != null) {
            effects.answer(ClassicAnswers.answer(
                    waiting,
                    generation(group, member.id())
                            .setMembers(
                                    group.roster().isLeader(member.id())
                                            ? group.roster().described(group.protocol())
                                            : List.of())));
        }
        sessions.heardOf(group, member);
        member.markNew(false);
        group.roster().pendingSyncs().add(member.id());
    }

    /** What a member is told of the present generation; the leader besides, who else is in it. */
    static JoinGroupResponseData generation(ClassicGroup group, String memberId) {
        return new JoinGroupResponseData()
                .setMemberId(memberId)
                .setGenerationId(group.generation())
                .setProtocolType(group.protocolTypeOrNull())
                .setProtocolName(group.protocol())
                .setLeader(group.roster().leader());
    }

    /** The time for asking for the assignment is over: who has not is out. */
    private Effects<GroupRecord> syncsOver(ClassicGroup group, int generation) {
        boolean matters = generation == group.generation()
                && (group.isIn(ClassicState.COMPLETING_REBALANCE) || group.isIn(ClassicState.STABLE))
                && !group.roster().pendingSyncs().isEmpty();
        if (!matters) {
            return Effects.none();
        }
        Set<String> late = Set.copyOf(group.roster().pendingSyncs());
        LOG.info(
                "Group {} goes on without {}, which did not ask for their assignment in time",
                Shown.of(group.id()),
                Shown.of(late));
        late.forEach(group.roster()::remove);
        return prepare(group, "members did not ask for their assignment", Effects.none());
    }

    /** A member has asked for its assignment. */
    void hasSynced(ClassicGroup group, String memberId) {
        group.roster().pendingSyncs().remove(memberId);
        if (group.roster().pendingSyncs().isEmpty()) {
            group.syncTimer(null);
        }
    }

    /** The leader's assignment: everybody who waits for it gets it when it is stored. */
    Effects<GroupRecord> assign(ClassicGroup group, Map<String, byte[]> assignments, Effects<GroupRecord> effects) {
        effects.store(new GroupRecord.ClassicGroupSet(group.id(), group.stored(assignments, clock.wallMs())));
        for (ClassicMember member : group.roster().members()) {
            Consumer<SyncGroupResponseData> waiting = member.takeSync();
            if (waiting != null) {
                effects.answer(ClassicAnswers.answer(
                        waiting, assignment(group, assignments.getOrDefault(member.id(), ClassicMember.NOTHING))));
                sessions.heardOf(group, member);
            }
        }
        meter.rebalanced();
        return effects;
    }

    static SyncGroupResponseData assignment(ClassicGroup group, byte[] assigned) {
        return new SyncGroupResponseData()
                .setProtocolType(group.protocolTypeOrNull())
                .setProtocolName(group.protocol())
                .setAssignment(assigned);
    }

    private void refuseSyncs(ClassicGroup group, Errors error, Effects<GroupRecord> effects) {
        for (ClassicMember member : group.roster().members()) {
            member.assign(ClassicMember.NOTHING);
            Consumer<SyncGroupResponseData> waiting = member.takeSync();
            if (waiting != null) {
                effects.answer(ClassicAnswers.answer(waiting, ClassicAnswers.sync(error)));
                sessions.heardOf(group, member);
            }
        }
    }
}
