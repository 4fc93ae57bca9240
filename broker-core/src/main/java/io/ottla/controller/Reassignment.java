package io.ottla.controller;

import io.ottla.metadata.PartitionImage;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/**
 * Moves a partition to other replicas: for a while it has the old ones and the new ones, and when all of the new are in
 * sync the others go. Asking for the replicas that it had takes a move back. Pure. Source: KIP-455.
 */
final class Reassignment {
    private Reassignment() {}

    /** The replicas it is to have when no move runs any more. */
    static List<BrokerId> target(PartitionImage partition) {
        return without(partition.replicas(), partition.removing());
    }

    /** The replicas that it had before a move, and has again where that is taken back. */
    static List<BrokerId> origin(PartitionImage partition) {
        return without(partition.replicas(), partition.adding());
    }

    /** Null where a partition can come to have these replicas: those that it has not yet are there. */
    static Failure fault(PartitionImage now, List<BrokerId> target, Registrations registrations) {
        String why = target.isEmpty()
                ? "it names no replica"
                : new HashSet<>(target).size() < target.size() ? "it names one more than once" : null;
        for (BrokerId replica : without(target, now.replicas())) {
            if (why == null && !registrations.isLive(replica)) {
                why = "broker " + replica + " is not there";
            }
        }
        return why == null
                ? null
                : Failure.of(
                        Errors.INVALID_REPLICA_ASSIGNMENT,
                        "Expected replicas that a partition can have, but got " + target + ": " + why);
    }

    /**
     * Null where one of those that know all acknowledged records keeps its replica when the partition is turned to that target,
     * and what was added for another one goes; or where others may lead all the same, and can.
     *
     * @param unclean whether a replica may lead that lacks acknowledged records
     */
    static Failure loss(PartitionImage now, List<BrokerId> target, boolean unclean, Collection<BrokerId> live) {
        List<BrokerId> staying = begin(now, target).replicas();
        List<BrokerId> complete = complete(now);
        return complete.isEmpty()
                        || !within(complete, staying).isEmpty()
                        || unclean && !within(staying, live).isEmpty()
                ? null
                : Failure.of(
                        Errors.INVALID_REPLICA_ASSIGNMENT,
                        "Expected that a replica stays which has all acknowledged records, but of " + staying
                                + " none has; " + complete + " have. Wait until one of those that stay is in sync");
    }

    private static List<BrokerId> complete(PartitionImage now) {
        if (!now.inSync().isEmpty()) {
            return now.inSync();
        }
        return !now.eligible().isEmpty() || now.lastKnownLeader().isNone()
                ? now.eligible()
                : List.of(now.lastKnownLeader());
    }

    /** The partition on its way there; the target's replicas come first, in their order. */
    static PartitionImage begin(PartitionImage now, List<BrokerId> target) {
        List<BrokerId> origin = origin(now);
        List<BrokerId> all = new ArrayList<>(target);
        all.addAll(without(origin, target));
        return assigned(now, all, without(all, origin), without(all, target), now.inSync(), now.eligible());
    }

    /**
     * The partition where it is to be, if it can be so: all that are added are in sync, and of those who stay as many as there
     * have to be, and no fewer than were before the move, or all. The leader is not looked at: where it goes another one has
     * to be elected.
     */
    static PartitionImage finish(PartitionImage now, int minInSync) {
        if (!now.isMoving()) {
            return now;
        }
        List<BrokerId> target = target(now);
        List<BrokerId> inSync = within(now.inSync(), target);
        int enough = Math.max(minInSync, within(now.inSync(), origin(now)).size());
        return inSync.isEmpty() || inSync.size() < Math.min(target.size(), enough) || !inSync.containsAll(now.adding())
                ? now
                : assigned(now, target, List.of(), List.of(), inSync, within(now.eligible(), target));
    }

    private static PartitionImage assigned(
            PartitionImage now,
            List<BrokerId> replicas,
            List<BrokerId> adding,
            List<BrokerId> removing,
            List<BrokerId> inSync,
            List<BrokerId> eligible) {
        return new PartitionImage(
                List.copyOf(replicas),
                List.copyOf(adding),
                List.copyOf(removing),
                now.leader(),
                now.leaderEpoch(),
                now.partitionEpoch(),
                now.controllerEpoch(),
                List.copyOf(inSync),
                List.copyOf(eligible),
                now.lastKnownLeader(),
                now.recovering(),
                within(now.offline(), replicas));
    }

    private static List<BrokerId> without(List<BrokerId> some, Collection<BrokerId> others) {
        return some.stream().filter(each -> !others.contains(each)).toList();
    }

    private static List<BrokerId> within(List<BrokerId> some, Collection<BrokerId> others) {
        return some.stream().filter(others::contains).toList();
    }
}
