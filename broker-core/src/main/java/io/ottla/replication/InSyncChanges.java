package io.ottla.replication;

import io.ottla.peer.InSyncProposal;
import io.ottla.peer.InSyncResult;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import io.ottla.types.TopicId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.protocol.Errors;

/**
 * The part of a leader that watches its followers: who has caught up is proposed as a member of the in-sync set, who lags is
 * proposed to leave it. One proposal at a time; until its end is known the high watermark counts whoever may be a member
 * (KIP-497, KIP-903; {@code Kip320.tla}, rules 3 and 4). Thread-safe.
 */
final class InSyncChanges {
    /** How long a refused proposal is not made again. */
    private static final long PAUSE_NS = 1_000_000_000L;

    private final PartitionState here;
    private final RoleChanges roles;
    private final Partition.Surroundings surroundings;
    private final Runnable proposes;
    private boolean pausing;
    private long refusedNs;

    /** @param proposes told, without the lock, when there is something to propose */
    InSyncChanges(PartitionState here, RoleChanges roles, Partition.Surroundings surroundings, Runnable proposes) {
        this.here = here;
        this.roles = roles;
        this.surroundings = surroundings;
        this.proposes = proposes;
    }

    /** As {@link Partition#followerFetched}. */
    Failure followerFetched(
            BrokerId broker, long brokerEpoch, int currentLeaderEpoch, long endOffset, long logStart, long nowNs) {
        AckWaiter acknowledged = null;
        Errors how = Errors.NONE;
        boolean advanced;
        boolean asks = false;
        boolean stuck = false;
        here.lock.lock();
        try {
            Role now = here.role;
            if (!(now instanceof Role.Leading leading)) {
                return now.refusal();
            }
            Follower follower = leading.follower(broker);
            if (follower == null) {
                // Who names the epoch may know of an assignment that is still on its way here; others just ask the
                // wrong broker.
                return currentLeaderEpoch < 0 ? Role.Refusals.NOT_LEADER : Role.Refusals.UNKNOWN_EPOCH;
            }
            if (brokerEpoch >= 0 && brokerEpoch < follower.brokerEpoch) {
                return Role.Refusals.NOT_LEADER; // of a process that is gone
            }
            long leaderEnd = here.log.logEndOffset();
            if (currentLeaderEpoch == leading.epoch().value() && endOffset <= leaderEnd) {
                if (brokerEpoch > follower.brokerEpoch) {
                    follower.restarted(brokerEpoch);
                }
                follower.fetched(endOffset, logStart, leaderEnd, nowNs);
                stuck = follower.isStuck(nowNs);
                asks = !leading.counts(follower) && mayJoin(leading, follower, nowNs);
            }
            for (Follower other : leading.others()) {
                other.joining &= other == follower || other.isAtWork(leaderEnd, nowNs);
            }
            Role.Leading after = asks ? join(leading, follower) : leading;
            advanced = here.advanceHighWatermark(after);
            if (advanced) {
                acknowledged = here.acks.takeUpTo(here.highWatermark);
                how = here.acknowledgement(after);
            }
        } finally {
            here.lock.unlock();
        }
        if (advanced) {
            here.tell(acknowledged, how);
        }
        if (asks) {
            proposes.run();
        }
        if (stuck) {
            roles.suspect(endOffset);
        }
        return null;
    }

    /** Whether a follower that has fetched, and is not in the set, is to be proposed for it. */
    private boolean mayJoin(Role.Leading leading, Follower follower, long nowNs) {
        boolean live = isLive(follower);
        boolean welcome = live && !isPausing(nowNs);
        follower.joining = welcome && follower.keepsUp(here.log.logEndOffset(), nowNs, surroundings.replicaLagNs());
        return welcome
                && leading.inSync() instanceof InSyncSet.Committed
                && follower.endOffset >= here.highWatermark
                && follower.endOffset >= leading.epochStartOffset();
    }

    /** Whether the cluster knows it as alive, in the life in which it fetches. */
    private boolean isLive(Follower follower) {
        BrokerEpoch known = surroundings.epochOf(follower.id);
        return !known.equals(BrokerEpoch.NONE) && (follower.brokerEpoch < 0 || follower.brokerEpoch == known.value());
    }

    private boolean isPausing(long nowNs) {
        pausing &= nowNs - refusedNs < PAUSE_NS;
        return pausing;
    }

    private Role.Leading join(Role.Leading leading, Follower follower) {
        Role.Leading after =
                leading.with(new InSyncSet.Expanding(leading.inSync().committed(), follower.id));
        here.role = after;
        return after;
    }

    /** Looks for members that have lagged for too long, and proposes that they leave. */
    void check(long nowNs) {
        if (review(nowNs, null)) {
            proposes.run();
        }
    }

    /** A broker, where it is one, is not live any more: nobody waits for it to join. */
    void departed(BrokerId broker) {
        review(0, broker);
    }

    /** @param gone where given, nothing is looked at but that one */
    private boolean review(long nowNs, BrokerId gone) {
        AckWaiter acknowledged;
        Errors how;
        boolean asks = false;
        here.lock.lock();
        try {
            if (!(here.role instanceof Role.Leading leading) || leading.replicaCount() == 1) {
                return false;
            }
            if (gone == null) {
                asks = leave(leading, nowNs);
            }
            for (Follower follower : leading.others()) {
                follower.joining &= gone == null
                        ? isLive(follower)
                                && follower.keepsUp(here.log.logEndOffset(), nowNs, surroundings.replicaLagNs())
                        : !follower.id.equals(gone);
            }
            if (!here.advanceHighWatermark(leading)) {
                return asks;
            }
            acknowledged = here.acks.takeUpTo(here.highWatermark);
            how = here.acknowledgement(leading);
        } finally {
            here.lock.unlock();
        }
        here.tell(acknowledged, how);
        return asks;
    }

    private boolean leave(Role.Leading leading, long nowNs) {
        Set<BrokerId> leaving = new HashSet<>();
        for (Follower follower : leading.counted()) {
            follower.measureFrom(nowNs);
            if (!follower.keepsUp(here.log.logEndOffset(), nowNs, surroundings.replicaLagNs())) {
                leaving.add(follower.id);
            }
        }
        if (leaving.isEmpty() || !(leading.inSync() instanceof InSyncSet.Committed) || isPausing(nowNs)) {
            return false;
        }
        here.role = leading.with(new InSyncSet.Shrinking(leading.inSync().committed(), leaving));
        return true;
    }

    /**
     * The proposal that is open; null where there is none.
     *
     * @param own epoch of this broker's registration
     */
    InSyncProposal.Change open(TopicId topicId, BrokerEpoch own) {
        here.lock.lock();
        try {
            if (!(here.role instanceof Role.Leading leading)) {
                return null;
            }
            Set<BrokerId> wanted = switch (leading.inSync()) {
                case InSyncSet.Committed _ -> null;
                case InSyncSet.Expanding expanding -> expanding.maximal();
                case InSyncSet.Shrinking shrinking -> {
                    Set<BrokerId> left = new HashSet<>(shrinking.committed());
                    left.removeAll(shrinking.leaving());
                    yield left;
                }
            };
            return wanted == null
                    ? null
                    : new InSyncProposal.Change(
                            topicId,
                            here.name,
                            leading.epoch(),
                            leading.partitionEpoch(),
                            members(leading, wanted, own),
                            false);
        } finally {
            here.lock.unlock();
        }
    }

    private List<InSyncProposal.Member> members(Role.Leading leading, Set<BrokerId> wanted, BrokerEpoch own) {
        List<InSyncProposal.Member> members = new ArrayList<>();
        for (BrokerId member : wanted) {
            Follower follower = leading.follower(member);
            if (member.equals(here.self)) {
                members.add(new InSyncProposal.Member(member, own));
            } else {
                members.add(new InSyncProposal.Member(
                        member, follower == null ? BrokerEpoch.NONE : new BrokerEpoch(follower.brokerEpoch)));
            }
        }
        return members;
    }

    /** As {@link Partition#nearest}, where this one is in another rack. */
    BrokerId nearest(String rack, long offset, Function<BrokerId, String> racks) {
        here.lock.lock();
        try {
            if (!(here.role instanceof Role.Leading leading)) {
                return null;
            }
            Follower best = null;
            for (Follower follower : leading.counted()) {
                if (follower.holds(offset)
                        && leading.inSync().committed().contains(follower.id)
                        && rack.equals(racks.apply(follower.id))
                        && (best == null || follower.endOffset > best.endOffset)) {
                    best = follower;
                }
            }
            return best == null ? null : best.id;
        } finally {
            here.lock.unlock();
        }
    }

    /** Takes what became of a proposal. */
    void answered(InSyncProposal.Change proposed, InSyncResult result, long nowNs) {
        switch (result) {
            case InSyncResult.Committed committed -> roles.committed(committed);
            case InSyncResult.Refused(var _, Failure failure) -> refused(proposed, failure.error(), nowNs);
        }
    }

    private void refused(InSyncProposal.Change proposed, Errors error, long nowNs) {
        switch (error) {
            case FENCED_LEADER_EPOCH,
                    INVALID_UPDATE_VERSION,
                    NEW_LEADER_ELECTED,
                    UNKNOWN_TOPIC_ID,
                    UNKNOWN_TOPIC_OR_PARTITION -> {
                // The cluster is ahead of this broker: the state that ends the proposal is on its way here.
            }
            default -> withdraw(proposed, nowNs);
        }
    }

    /**
     * It is known not to have been taken, and not to be for a while: back to what is committed. Nobody waits for who was to
     * join: it may be a broker that stops, and fetches no more.
     */
    private void withdraw(InSyncProposal.Change proposed, long nowNs) {
        AckWaiter acknowledged;
        Errors how;
        here.lock.lock();
        try {
            if (!(here.role instanceof Role.Leading leading)
                    || !leading.epoch().equals(proposed.leaderEpoch())
                    || !leading.partitionEpoch().equals(proposed.partitionEpoch())) {
                return;
            }
            Role.Leading after =
                    leading.with(new InSyncSet.Committed(leading.inSync().committed()));
            here.role = after;
            pausing = true;
            refusedNs = nowNs;
            for (Follower follower : after.others()) {
                follower.joining = false;
            }
            if (!here.advanceHighWatermark(after)) {
                return;
            }
            acknowledged = here.acks.takeUpTo(here.highWatermark);
            how = here.acknowledgement(after);
        } finally {
            here.lock.unlock();
        }
        here.tell(acknowledged, how);
    }
}
