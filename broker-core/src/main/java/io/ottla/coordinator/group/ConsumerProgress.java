package io.ottla.coordinator.group;

import io.ottla.coordinator.Answer;
import io.ottla.coordinator.Effects;
import io.ottla.coordinator.Operation;
import io.ottla.coordinator.group.assign.Assignment;
import io.ottla.coordinator.group.assign.PartitionSet;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.TopicImage;
import io.ottla.types.TopicId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;

/**
 * What follows when a member of a consumer group has reported, whatever protocol it speaks: topics of its regular
 * expression are found, the group comes to its next epoch where what it reads has changed, targets are computed, and the
 * member comes nearer to its own. Where one of these is under way on a pool, the report waits for it and goes on then.
 */
final class ConsumerProgress {
    private final Supplier<ClusterImage> image;
    private final ConsumerSessions sessions;
    private final RegexResolution regexes;
    private final TargetUpdates targets;
    private final GroupMeter meter;

    ConsumerProgress(
            Supplier<ClusterImage> image,
            ConsumerSessions sessions,
            RegexResolution regexes,
            TargetUpdates targets,
            GroupMeter meter) {
        this.image = image;
        this.sessions = sessions;
        this.regexes = regexes;
        this.targets = targets;
        this.meter = meter;
    }

    /**
     * Goes on with a report.
     *
     * @param draft the group with what the report changed
     * @param live the group as it is here; null where it is only made
     * @param bumps whether what the group reads has changed
     */
    Effects<GroupRecord> proceed(ConsumerDraft draft, ConsumerGroup live, Report report, boolean bumps) {
        follow(draft, live, bumps);
        MemberSubscription said = draft.state().member(report.memberId()).subscription();
        boolean waits = regexes.await(
                report.group(),
                draft.state(),
                said.regex(),
                report.client().describesTopic(),
                new Continued(report, this::afterTopics));
        return waits ? held(draft, live, report) : targets(draft, live, report);
    }

    private Effects<GroupRecord> targets(ConsumerDraft draft, ConsumerGroup live, Report report) {
        boolean waits = draft.state().needsTargets()
                && targets.await(report.group(), draft.state(), new Continued(report, this::reconcile));
        return waits ? held(draft, live, report) : reconcile(draft, live, report);
    }

    private Effects<GroupRecord> afterTopics(ConsumerDraft draft, ConsumerGroup live, Report report) {
        follow(draft, live, false);
        return targets(draft, live, report);
    }

    /** Brings the group to its next epoch, where what it reads has changed. */
    private void follow(ConsumerDraft draft, ConsumerGroup live, boolean bumps) {
        if (!bumps && (live == null || !live.isStale())) {
            return;
        }
        long hash = TopicHashes.of(image.get(), draft.state().subscribedTopics());
        if (bumps || hash != draft.state().metadataHash()) {
            draft.bump(hash);
            meter.rebalancedConsumers();
        }
        if (live != null) {
            live.markStale(false);
        }
    }

    /** Looks whether topics that the group reads have come, grown or gone. */
    Effects<GroupRecord> refresh(ConsumerDraft draft, ConsumerGroup live) {
        follow(draft, live, false);
        return draft.records().isEmpty()
                ? Effects.none()
                : stored(draft, live, Effects.write(draft.records(), Answer.NONE));
    }

    private Effects<GroupRecord> held(ConsumerDraft draft, ConsumerGroup live, Report report) {
        return stored(draft, live, Effects.<GroupRecord>write(draft.records(), report.awaiting()));
    }

    /** Where it can't be stored, nothing that was begun because of it counts. */
    private Effects<GroupRecord> stored(ConsumerDraft draft, ConsumerGroup live, Effects<GroupRecord> effects) {
        return draft.records().isEmpty()
                ? effects
                : effects.onRevert(() -> {
                    targets.invalidate(draft.group());
                    if (live != null) {
                        live.markStale(true);
                    }
                });
    }

    /** Brings a member nearer to its target and answers it. */
    private Effects<GroupRecord> reconcile(ConsumerDraft draft, ConsumerGroup live, Report report) {
        ConsumerMember before = draft.state().member(report.memberId());
        ConsumerMember after = before;
        if (report.unsubscribed() || !before.isSettledAt(draft.state().targetEpoch())) {
            MemberPlace next = Reconciliation.next(before.place(), goal(draft.state(), before, report));
            if (!next.equals(before.place())) {
                draft.place(before.id(), next);
                after = draft.state().member(before.id());
                watchRevocation(report.group(), before.place(), after);
            }
        }
        if (draft.records().isEmpty()) {
            return Effects.read(report.group(), report.answering(before, after));
        }
        return stored(draft, live, Effects.write(draft.records(), report.answering(before, after)));
    }

    private void watchRevocation(String group, MemberPlace before, ConsumerMember after) {
        if (after.place().state() != MemberState.UNREVOKED_PARTITIONS) {
            sessions.stop(group, after.id(), ConsumerSessions.Duty.REVOKE);
        } else if (before.state() != MemberState.UNREVOKED_PARTITIONS
                || !before.revoking().equals(after.place().revoking())) {
            sessions.set(
                    group,
                    after.id(),
                    ConsumerSessions.Duty.REVOKE,
                    after.subscription().rebalanceTimeoutMs());
        }
    }

    private Reconciliation.Goal goal(ConsumerGroupState state, ConsumerMember member, Report report) {
        return new Reconciliation.Goal(
                state.targetEpoch(),
                wanted(state, member),
                report.owned(),
                (topic, partitions) -> state.free(topic, partitions, member.id()),
                report.unsubscribed());
    }

    /** A member's target without topics that it does not subscribe to any more. */
    private Assignment wanted(ConsumerGroupState state, ConsumerMember member) {
        Assignment target = state.target(member.id());
        if (target.isEmpty()) {
            return target;
        }
        Set<String> names = state.topicsOf(member.subscription());
        Map<TopicId, PartitionSet> wanted = new HashMap<>();
        target.topics().forEach((id, partitions) -> {
            TopicImage topic = image.get().topic(id);
            if (topic != null && names.contains(topic.name())) {
                wanted.put(id, partitions);
            }
        });
        return new Assignment(wanted);
    }

    /** How a report goes on with the group as it is then. */
    @FunctionalInterface
    private interface Next {
        Effects<GroupRecord> go(ConsumerDraft draft, ConsumerGroup live, Report report);
    }

    /** A report that has waited. */
    private record Continued(Report report, Next next) implements Operation<GroupMachine, GroupRecord> {
        @Override
        public Effects<GroupRecord> decide(GroupMachine machine) {
            if (report.isDone()) {
                return Effects.none();
            }
            if (!(machine.group(report.group()) instanceof ConsumerGroup live)
                    || live.state().member(report.memberId()) == null) {
                report.refuse(Errors.UNKNOWN_MEMBER_ID);
                return Effects.none();
            }
            return next.go(ConsumerDraft.of(live), live, report);
        }

        @Override
        public void refuse(Errors error) {
            report.refuse(error);
        }
    }
}
