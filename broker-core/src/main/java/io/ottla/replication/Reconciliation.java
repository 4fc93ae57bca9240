package io.ottla.replication;

import io.ottla.storage.EpochEnd;
import io.ottla.types.LeaderEpoch;
import java.util.function.Function;

/**
 * Where a follower cuts a log that parts from its leader's. Pure. Two logs that have an epoch in common are the same up to where
 * that epoch ends first; where the leader's answer names an epoch that the follower does not have, it cuts to the end of the next
 * lower one that it has and asks again: its last epoch falls with each round, so they come to agree. Sources: KIP-101,
 * KIP-279, KIP-595.
 */
final class Reconciliation {
    private Reconciliation() {}

    /**
     * @param leaders the leader's largest epoch that is not above the follower's last, and where it ends
     * @param ownEnds the largest epoch of the follower that is not above the given one, and where it ends
     * @param ownEnd the end of the follower's log
     * @return where to cut: at most {@code ownEnd}
     */
    static long cutTo(EpochEnd leaders, Function<LeaderEpoch, EpochEnd> ownEnds, long ownEnd) {
        EpochEnd own = ownEnds.apply(leaders.epoch());
        if (own.endOffset() < 0) {
            return Math.min(leaders.endOffset(), ownEnd);
        }
        if (own.epoch().equals(leaders.epoch())) {
            return Math.min(Math.min(own.endOffset(), leaders.endOffset()), ownEnd);
        }
        return Math.min(own.endOffset(), ownEnd);
    }
}
