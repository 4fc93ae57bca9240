package io.ottla.replication;

import io.ottla.metadata.PartitionImage;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.PartitionEpoch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;

/**
 * What this broker is to a partition. A role is replaced, never changed; what moves inside a leadership (followers'
 * positions) is guarded by the partition's lock.
 */
public sealed interface Role {
    /** The leader epoch this role knows of. */
    LeaderEpoch epoch();

    /** Why a client's request is refused; null where the role serves. */
    Failure refusal();

    /** The log is being opened. Clients are sent to look again. */
    record Opening() implements Role {
        @Override
        public LeaderEpoch epoch() {
            return LeaderEpoch.NONE;
        }

        @Override
        public Failure refusal() {
            return Refusals.NOT_LEADER;
        }
    }

    /** Another broker leads, or none does. */
    record Following(BrokerId leader, LeaderEpoch epoch) implements Role {
        @Override
        public Failure refusal() {
            return Refusals.NOT_LEADER;
        }
    }

    /** The log cannot be used: its folder failed. */
    record Offline(LeaderEpoch epoch) implements Role {
        @Override
        public Failure refusal() {
            return Refusals.STORAGE;
        }
    }

    /** The partition has left this broker for good. */
    record Gone() implements Role {
        @Override
        public LeaderEpoch epoch() {
            return LeaderEpoch.NONE;
        }

        @Override
        public Failure refusal() {
            return Refusals.UNKNOWN;
        }
    }

    /** This broker leads. */
    final class Leading implements Role {
        private final LeaderEpoch epoch;
        private final PartitionEpoch partitionEpoch;
        private final InSyncSet inSync;
        private final long epochStartOffset;
        private final List<Follower> followers;
        private final Follower[] counted;
        private final Follower[] others;

        private Leading(
                LeaderEpoch epoch,
                PartitionEpoch partitionEpoch,
                InSyncSet inSync,
                long epochStartOffset,
                List<Follower> followers) {
            this.epoch = epoch;
            this.partitionEpoch = partitionEpoch;
            this.inSync = inSync;
            this.epochStartOffset = epochStartOffset;
            this.followers = followers;
            Set<BrokerId> maximal = inSync.maximal();
            this.counted = followers.stream()
                    .filter(follower -> maximal.contains(follower.id))
                    .toArray(Follower[]::new);
            this.others = followers.stream()
                    .filter(follower -> !maximal.contains(follower.id))
                    .toArray(Follower[]::new);
        }

        /** A leadership that begins now, or, where {@code before} is of the same epoch, goes on with its followers. */
        static Leading by(PartitionImage state, BrokerId self, long logEndOffset, Role before) {
            boolean goesOn = before instanceof Leading leading && leading.epoch.equals(state.leaderEpoch());
            List<Follower> followers = new ArrayList<>();
            for (BrokerId replica : state.replicas()) {
                if (!replica.equals(self)) {
                    Follower known = goesOn ? ((Leading) before).follower(replica) : null;
                    followers.add(known == null ? new Follower(replica) : known);
                }
            }
            return new Leading(
                    state.leaderEpoch(),
                    state.partitionEpoch(),
                    inSync(state, goesOn ? (Leading) before : null),
                    goesOn ? ((Leading) before).epochStartOffset : logEndOffset,
                    List.copyOf(followers));
        }

        /**
         * The same state again, with another assignment perhaps, leaves a proposal open: it may be committed yet. A newer
         * state ends it, since a proposal is refused that starts from an older one.
         */
        private static InSyncSet inSync(PartitionImage state, Leading before) {
            return before != null && before.partitionEpoch.equals(state.partitionEpoch())
                    ? before.inSync
                    : new InSyncSet.Committed(new HashSet<>(state.inSync()));
        }

        /** The same leadership with another in-sync set, as the leader sees it. */
        Leading with(InSyncSet other) {
            return new Leading(epoch, partitionEpoch, other, epochStartOffset, followers);
        }

        @Override
        public LeaderEpoch epoch() {
            return epoch;
        }

        @Override
        public Failure refusal() {
            return null;
        }

        public PartitionEpoch partitionEpoch() {
            return partitionEpoch;
        }

        public InSyncSet inSync() {
            return inSync;
        }

        /** Where the log ended when this leadership began. */
        long epochStartOffset() {
            return epochStartOffset;
        }

        int replicaCount() {
            return followers.size() + 1;
        }

        /** The followers that the high watermark waits for. */
        Follower[] counted() {
            return counted;
        }

        boolean counts(Follower follower) {
            for (Follower one : counted) {
                if (one == follower) {
                    return true;
                }
            }
            return false;
        }

        /** The followers that it does not wait for, unless they are joining. */
        Follower[] others() {
            return others;
        }

        /** All other replicas. */
        List<Follower> followers() {
            return followers;
        }

        /** Null where that broker is no replica. */
        Follower follower(BrokerId id) {
            for (Follower follower : followers) {
                if (follower.id.equals(id)) {
                    return follower;
                }
            }
            return null;
        }
    }

    /** Answers that never differ. */
    final class Refusals {
        static final Failure NOT_LEADER = Failure.of(Errors.NOT_LEADER_OR_FOLLOWER);
        static final Failure STORAGE = Failure.of(Errors.KAFKA_STORAGE_ERROR);
        static final Failure UNKNOWN = Failure.of(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        static final Failure FENCED = Failure.of(Errors.FENCED_LEADER_EPOCH);
        static final Failure UNKNOWN_EPOCH = Failure.of(Errors.UNKNOWN_LEADER_EPOCH);

        private Refusals() {}
    }
}
