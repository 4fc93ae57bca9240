package io.ottla.controller;

import io.ottla.metadata.PartitionImage;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.PartitionEpoch;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Chooses who leads a partition, and who counts as in sync, from who is live. Pure: the same picture always gives the
 * same answer. Source: KIP-497, KIP-704, KIP-966.
 *
 * <p>A leader that lives stays. Else the first live replica, in order of preference, out of the in-sync set; out of the
 * eligible replicas; the last known leader where both sets are empty; and any live replica where the topic allows that.
 * The in-sync set loses its dead members, but never its last one: what that one has is what was acknowledged.
 */
final class LeaderElection {
    /** Why the elected one may lead. */
    enum Grounds {
        /** Nothing acknowledged is missing. */
        IN_SYNC,
        /** As above, with a smaller in-sync set than was asked for. */
        ELIGIBLE,
        /** Both sets are empty and it led last: what it has is the most that anybody has. */
        LAST_KNOWN,
        /** Acknowledged records may be lost; the topic allows it. */
        UNCLEAN
    }

    /** What becomes of a partition. The states in it have the partition epoch of the present one. */
    sealed interface Outcome {
        /** It has a leader of a new epoch. */
        record Elected(PartitionImage state, Grounds grounds) implements Outcome {}

        /** Its leader stays; dead replicas have left the in-sync set. */
        record Shrunk(PartitionImage state) implements Outcome {}

        /** Its leader is dead and nobody can take over. */
        record Leaderless(PartitionImage state) implements Outcome {}

        record Unchanged() implements Outcome {}
    }

    private static final Outcome UNCHANGED = new Outcome.Unchanged();

    private LeaderElection() {}

    /**
     * @param live brokers that live, but for those whose replica of the partition is offline
     * @param restarted those of them that have lost what they led: in a new epoch they may lead again
     * @param unclean whether a replica that lacks acknowledged records may lead when nobody else can
     */
    static Outcome decide(
            PartitionImage now,
            Set<BrokerId> live,
            Set<BrokerId> restarted,
            boolean unclean,
            ControllerEpoch controller) {
        if (now.isUnborn()) {
            return first(now, live, controller);
        }
        boolean leads = live.contains(now.leader()) && !restarted.contains(now.leader());
        List<BrokerId> inSync = living(now.inSync(), live, restarted);
        if (leads && inSync.contains(now.leader())) {
            return inSync.size() == now.inSync().size()
                    ? UNCHANGED
                    : new Outcome.Shrunk(state(now, now.leader(), now.leaderEpoch(), inSync, controller));
        }
        BrokerId candidate = firstOf(now.replicas(), inSync);
        if (!candidate.isNone()) {
            return elected(now, candidate, inSync, now.eligible(), false, controller, Grounds.IN_SYNC);
        }
        return withoutSettledReplica(now, live, unclean, controller);
    }

    /** Nobody of the in-sync set has lived through it. */
    private static Outcome withoutSettledReplica(
            PartitionImage now, Set<BrokerId> live, boolean unclean, ControllerEpoch controller) {
        List<BrokerId> returned = living(now.inSync(), live, Set.of());
        BrokerId candidate = firstOf(now.replicas(), returned);
        if (!candidate.isNone()) {
            return elected(now, candidate, returned, now.eligible(), false, controller, Grounds.IN_SYNC);
        }
        candidate = firstOf(now.replicas(), living(now.eligible(), live, Set.of()));
        if (!candidate.isNone()) {
            List<BrokerId> rest = new ArrayList<>(now.eligible());
            rest.remove(candidate);
            return elected(now, candidate, List.of(candidate), rest, false, controller, Grounds.ELIGIBLE);
        }
        BrokerId last = now.replicas().size() == 1 ? now.replicas().getFirst() : now.lastKnownLeader();
        if (now.inSync().isEmpty() && now.eligible().isEmpty() && live.contains(last)) {
            return elected(now, last, List.of(last), List.of(), true, controller, Grounds.LAST_KNOWN);
        }
        candidate = firstOf(now.replicas(), live);
        if (unclean && !candidate.isNone()) {
            return elected(now, candidate, List.of(candidate), List.of(), true, controller, Grounds.UNCLEAN);
        }
        if (now.leader().isNone()) {
            return UNCHANGED;
        }
        return new Outcome.Leaderless(new PartitionImage(
                now.replicas(),
                now.adding(),
                now.removing(),
                BrokerId.NONE,
                now.leaderEpoch().next(),
                now.partitionEpoch(),
                controller,
                now.inSync(),
                now.eligible(),
                now.inSync().isEmpty() && now.eligible().isEmpty() ? now.leader() : BrokerId.NONE,
                now.recovering(),
                now.offline()));
    }

    /** The first state: all that live are in sync, for there is nothing to have missed. */
    private static Outcome first(PartitionImage now, Set<BrokerId> live, ControllerEpoch controller) {
        List<BrokerId> inSync = living(now.replicas(), live, Set.of());
        if (inSync.isEmpty()) {
            return UNCHANGED;
        }
        return new Outcome.Elected(
                new PartitionImage(
                        now.replicas(),
                        now.adding(),
                        now.removing(),
                        inSync.getFirst(),
                        new LeaderEpoch(0),
                        new PartitionEpoch(0),
                        controller,
                        inSync,
                        List.of(),
                        BrokerId.NONE,
                        false,
                        now.offline()),
                Grounds.IN_SYNC);
    }

    private static Outcome elected(
            PartitionImage now,
            BrokerId leader,
            List<BrokerId> inSync,
            List<BrokerId> eligible,
            boolean recovering,
            ControllerEpoch controller,
            Grounds grounds) {
        return new Outcome.Elected(
                new PartitionImage(
                        now.replicas(),
                        now.adding(),
                        now.removing(),
                        leader,
                        now.leaderEpoch().next(),
                        now.partitionEpoch(),
                        controller,
                        inSync,
                        eligible,
                        BrokerId.NONE,
                        recovering && now.replicas().size() > 1,
                        now.offline()),
                grounds);
    }

    private static PartitionImage state(
            PartitionImage now, BrokerId leader, LeaderEpoch epoch, List<BrokerId> inSync, ControllerEpoch controller) {
        return new PartitionImage(
                now.replicas(),
                now.adding(),
                now.removing(),
                leader,
                epoch,
                now.partitionEpoch(),
                controller,
                inSync,
                now.eligible(),
                now.lastKnownLeader(),
                now.recovering(),
                now.offline());
    }

    private static List<BrokerId> living(List<BrokerId> replicas, Set<BrokerId> live, Set<BrokerId> restarted) {
        List<BrokerId> living = new ArrayList<>(replicas.size());
        for (BrokerId replica : replicas) {
            if (live.contains(replica) && !restarted.contains(replica)) {
                living.add(replica);
            }
        }
        return living;
    }

    private static BrokerId firstOf(List<BrokerId> replicas, java.util.Collection<BrokerId> allowed) {
        for (BrokerId replica : replicas) {
            if (allowed.contains(replica)) {
                return replica;
            }
        }
        return BrokerId.NONE;
    }
}
