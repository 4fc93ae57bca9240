package io.ottla.coordinator.group;

import io.ottla.coordinator.group.assign.Assignment;
import io.ottla.coordinator.group.assign.PartitionSet;
import io.ottla.types.TopicId;
import java.util.HashMap;
import java.util.Map;

/**
 * How a member of a consumer group comes to its target, step by step (KIP-848): first it gives up what is not its own any
 * more, then it is in the target's epoch, and gets what is new to it as others give that up. No partition is ever given to
 * two. Pure.
 */
final class Reconciliation {
    private Reconciliation() {}

    /** Which partitions nobody else has. */
    @FunctionalInterface
    interface Free {
        PartitionSet of(TopicId topic, PartitionSet wanted);
    }

    /**
     * Where a member is to come.
     *
     * @param epoch that the target is of
     * @param wanted the member's target, without topics that it does not subscribe to any more
     * @param owned what it says it reads; null where it does not say
     * @param unsubscribed whether it subscribes to other topics than before
     */
    record Goal(int epoch, Assignment wanted, Assignment owned, Free free, boolean unsubscribed) {}

    /** The member's next place; the same object where nothing changes. */
    static MemberPlace next(MemberPlace now, Goal goal) {
        return switch (now.state()) {
            case STABLE -> now.epoch() == goal.epoch() && !goal.unsubscribed() ? now : advance(now, goal);
            case UNREVOKED_PARTITIONS -> stillReads(now.revoking(), goal) ? waiting(now, goal) : advance(now, goal);
            case UNRELEASED_PARTITIONS, UNKNOWN -> advance(now, goal);
        };
    }

    /** It has yet to give up partitions, perhaps some more by now. */
    private static MemberPlace waiting(MemberPlace now, Goal goal) {
        OwnedPartitions surplus = now.assigned().without(goal.wanted());
        if (!goal.unsubscribed() || surplus.isEmpty()) {
            return now;
        }
        return new MemberPlace(
                now.epoch(),
                now.previousEpoch(),
                now.state(),
                now.assigned().only(goal.wanted()),
                now.revoking().union(surplus));
    }

    private static boolean stillReads(OwnedPartitions revoking, Goal goal) {
        return goal.owned() == null || !revoking.only(goal.owned()).isEmpty();
    }

    private static MemberPlace advance(MemberPlace now, Goal goal) {
        OwnedPartitions kept = now.assigned().only(goal.wanted());
        OwnedPartitions surplus = now.assigned().without(goal.wanted());
        if (!surplus.isEmpty() && stillReads(surplus, goal)) {
            return changed(now, now.epoch(), MemberState.UNREVOKED_PARTITIONS, kept, surplus);
        }
        Assignment missing = goal.wanted().minus(kept.assignment());
        Assignment free = free(missing, goal);
        MemberState state = free.equals(missing) ? MemberState.STABLE : MemberState.UNRELEASED_PARTITIONS;
        return changed(now, goal.epoch(), state, kept.with(free, goal.epoch()), OwnedPartitions.NONE);
    }

    private static Assignment free(Assignment missing, Goal goal) {
        if (missing.isEmpty()) {
            return missing;
        }
        Map<TopicId, PartitionSet> free = new HashMap<>();
        missing.topics()
                .forEach((topic, partitions) -> free.put(topic, goal.free().of(topic, partitions)));
        return new Assignment(free);
    }

    private static MemberPlace changed(
            MemberPlace now, int epoch, MemberState state, OwnedPartitions assigned, OwnedPartitions revoking) {
        boolean same = now.epoch() == epoch
                && now.state() == state
                && now.assigned().equals(assigned)
                && now.revoking().equals(revoking);
        return same ? now : new MemberPlace(epoch, now.epoch(), state, assigned, revoking);
    }
}
