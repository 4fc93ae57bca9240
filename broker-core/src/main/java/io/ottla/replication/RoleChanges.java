package io.ottla.replication;

import io.ottla.metadata.PartitionImage;
import io.ottla.peer.InSyncResult;
import io.ottla.peer.LostReplicas;
import io.ottla.storage.PartitionLog;
import io.ottla.types.BrokerId;
import io.ottla.types.LeaderEpoch;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The part of a partition that takes up its roles: follows what the cluster wants of it as soon as there is a log. Thread-safe. */
final class RoleChanges {
    private static final Logger LOG = LoggerFactory.getLogger(RoleChanges.class);
    private static final Role GONE = new Role.Gone();

    private final PartitionState here;
    private final Loss onLost;
    private final Runnable onRole;
    private final Partition.Surroundings listener;
    private final LogMending mending;

    /** Told in which epoch a log is lost, and how. */
    interface Loss {
        void in(LeaderEpoch epoch, LostReplicas.Loss loss);
    }

    /**
     * @param onLost told when the log is offline or damaged and the cluster does not know it
     * @param onRole told, without the lock, after each change of role
     */
    RoleChanges(PartitionState here, Loss onLost, Runnable onRole, Partition.Surroundings listener) {
        this.here = here;
        this.onLost = onLost;
        this.onRole = onRole;
        this.listener = listener;
        this.mending = new LogMending(here, this::mended, listener);
    }

    /** As {@link LogMending#suspect}, and answers as {@link LogMending#isSuspected}. */
    boolean suspect(long offset) {
        mending.suspect(offset);
        return mending.isSuspected();
    }

    private void mended() {
        settle();
        tellOfLoss();
    }

    /** Takes up a log that has been opened, and the role that was waiting for it. */
    void opened(PartitionLog opened) {
        opened.listen(new LogListener());
        here.lock.lock();
        try {
            here.log = opened;
            here.highWatermark = opened.highWatermark();
            here.throttle(opened.properties());
            if (here.role instanceof Role.Gone) {
                return;
            }
            mending.opened(opened);
        } finally {
            here.lock.unlock();
        }
        settle();
        tellOfLoss();
    }

    /** The folder gave no log, or gives none any more. */
    void failed() {
        LeaderEpoch epoch;
        here.lock.lock();
        try {
            epoch = here.wanted == null ? here.role.epoch() : here.wanted.leaderEpoch();
        } finally {
            here.lock.unlock();
        }
        leave(new Role.Offline(epoch));
        tellOfLoss();
    }

    private void tellOfLoss() {
        LeaderEpoch epoch;
        LostReplicas.Loss loss;
        here.lock.lock();
        try {
            if (here.wanted == null) {
                return;
            }
            loss = untold(here.wanted.offline().contains(here.self));
            if (loss == null) {
                return;
            }
            epoch = here.wanted.leaderEpoch();
        } finally {
            here.lock.unlock();
        }
        onLost.in(epoch, loss);
    }

    /** Null where there is nothing to tell. Under the lock. */
    private LostReplicas.Loss untold(boolean isKnown) {
        if (here.role instanceof Role.Offline) {
            return isKnown ? null : LostReplicas.Loss.OFFLINE;
        }
        if (mending.isToBeTold(isKnown)) {
            return LostReplicas.Loss.DAMAGED;
        }
        return mending.isToBeTakenBack(isKnown) ? LostReplicas.Loss.NONE : null;
    }

    /** The partition is no longer this broker's. */
    void gone() {
        leave(GONE);
    }

    /** The broker stops: it leads and follows no more, and whoever waits is sent elsewhere. */
    void resign() {
        here.lock.lock();
        try {
            here.resigned = true;
        } finally {
            here.lock.unlock();
        }
        leave(new Role.Following(BrokerId.NONE, here.role.epoch()));
    }

    /** As {@link Partition#apply}. */
    CompletionStage<Void> apply(PartitionImage state) {
        here.lock.lock();
        try {
            if (here.wanted != null && isOlder(state, here.wanted)) {
                return CompletableFuture.completedStage(null);
            }
            here.wanted = state;
            here.adding = state.adding();
            here.leaversAreUnclear = false;
            mending.stateChanged();
        } finally {
            here.lock.unlock();
        }
        CompletionStage<Void> settled = settle();
        tellOfLoss();
        mending.reconsider();
        return settled;
    }

    /** What the cluster has committed of this leader's proposals, or what it knows instead; no news where it is older. */
    void committed(InSyncResult.Committed state) {
        here.lock.lock();
        try {
            if (!(here.role instanceof Role.Leading leading)
                    || !state.leader().equals(here.self)
                    || !state.leaderEpoch().equals(leading.epoch())) {
                return;
            }
            int news = state.partitionEpoch().compareTo(leading.partitionEpoch());
            if (news < 0) {
                return;
            }
            if (news == 0) {
                here.role = leading.with(new InSyncSet.Committed(Set.copyOf(state.inSync())));
            }
            if (state.partitionEpoch().compareTo(here.wanted.partitionEpoch()) > 0) {
                here.leaversAreUnclear |= !state.inSync().containsAll(here.wanted.inSync());
                here.wanted = here.wanted.withInSync(state.inSync(), state.recovering(), state.partitionEpoch());
            }
        } finally {
            here.lock.unlock();
        }
        settle();
    }

    /** The cut has ended: what was wanted meanwhile is taken up. */
    void cutEnded() {
        CompletableFuture<Void> ended;
        here.lock.lock();
        try {
            ended = here.cutting;
            here.cutting = null;
            here.highWatermark = here.log.highWatermark();
        } finally {
            here.lock.unlock();
        }
        here.watchers.tell();
        settle();
        ended.complete(null);
    }

    private static boolean isOlder(PartitionImage state, PartitionImage known) {
        int byLeader = state.leaderEpoch().compareTo(known.leaderEpoch());
        return byLeader < 0 || byLeader == 0 && state.partitionEpoch().compareTo(known.partitionEpoch()) < 0;
    }

    private CompletionStage<Void> settle() {
        AckWaiter failed = null;
        CompletionStage<Void> cut;
        CompletionStage<Void> mended;
        LeadersCopy copy;
        here.lock.lock();
        try {
            if (here.cutting != null) {
                return here.cutting;
            }
            if (!here.isUsable() || here.wanted == null) {
                return CompletableFuture.completedStage(null);
            }
            cut = mending.beginCut();
            copy = mending.copyToLookThrough();
            boolean stays = here.wanted.leader().equals(here.self)
                    && here.wanted.leaderEpoch().equals(here.role.epoch())
                    && !mending.isNeeded();
            mended = here.cutting;
            if (here.role instanceof Role.Leading && !stays || cut != null) {
                here.role = new Role.Following(BrokerId.NONE, here.role.epoch());
                failed = here.acks.takeAll();
            }
        } finally {
            here.lock.unlock();
        }
        AckWaiter.endAll(failed, Errors.NOT_LEADER_OR_FOLLOWER);
        if (cut != null) {
            onRole.run();
            cut.whenComplete((_, failure) -> {
                if (failure != null) {
                    LOG.error("Cutting {} failed", here.name, failure);
                }
                cutEnded();
            });
            return mended;
        }
        if (copy != null) {
            listener.lookThrough(copy, mending.asker(copy));
        }
        AckWaiter acknowledged = null;
        Errors how = Errors.NONE;
        boolean changed;
        here.lock.lock();
        try {
            if (here.cutting != null) {
                return here.cutting;
            }
            if (!here.isUsable()) {
                return CompletableFuture.completedStage(null);
            }
            Role before = here.role;
            if (mending.isNeeded() || here.wanted.leaderEpoch().compareTo(here.log.latestEpoch()) < 0) {
                // Damaged; or the log has what a later leader wrote: this is a picture of the past, however new to this
                // process.
                here.role = new Role.Following(BrokerId.NONE, here.wanted.leaderEpoch());
            } else if (here.wanted.leader().equals(here.self)) {
                Role.Leading leading = lead(here.wanted);
                if (here.advanceHighWatermark(leading)) {
                    acknowledged = here.acks.takeUpTo(here.highWatermark);
                    how = here.acknowledgement(leading);
                }
            } else {
                here.role = new Role.Following(here.wanted.leader(), here.wanted.leaderEpoch());
            }
            changed = !here.role.equals(before);
        } finally {
            here.lock.unlock();
        }
        here.tell(acknowledged, how);
        if (changed) {
            onRole.run();
        }
        return CompletableFuture.completedStage(null);
    }

    private Role.Leading lead(PartitionImage state) {
        Role before = here.role;
        if (!(before instanceof Role.Leading) || !before.epoch().equals(state.leaderEpoch())) {
            here.log.beginEpoch(state.leaderEpoch());
            if (!state.offline().isEmpty()) {
                here.log.lookThroughSoon(); // fewer copies are left, perhaps this one alone
            }
        }
        Role.Leading leading = Role.Leading.by(state, here.self, here.log.logEndOffset(), before);
        if (before instanceof Role.Leading earlier) {
            int change = leading.inSync().committed().size()
                    - earlier.inSync().committed().size();
            if (change < 0) {
                listener.inSyncShrunk();
            } else if (change > 0) {
                listener.inSyncExpanded();
            }
        }
        here.role = leading;
        return leading;
    }

    private void leave(Role last) {
        AckWaiter failed;
        here.lock.lock();
        try {
            if (here.role instanceof Role.Gone) {
                return;
            }
            here.role = last;
            failed = here.acks.takeAll();
        } finally {
            here.lock.unlock();
        }
        here.tell(failed, PartitionState.endOfLeadership(last));
        onRole.run();
    }

    /** What the log tells of itself. */
    private final class LogListener implements PartitionLog.Listener {
        @Override
        public void onAcknowledgeable(PartitionLog of) {
            AckWaiter acknowledged;
            Errors how;
            here.lock.lock();
            try {
                if (!(here.role instanceof Role.Leading leading) || !here.advanceHighWatermark(leading)) {
                    return;
                }
                acknowledged = here.acks.takeUpTo(here.highWatermark);
                how = here.acknowledgement(leading);
            } finally {
                here.lock.unlock();
            }
            here.tell(acknowledged, how);
        }

        @Override
        public void onLogStartMoved(PartitionLog of) {
            here.watchers.tell();
        }

        @Override
        public void onSuspect(PartitionLog of, long offset) {
            suspect(offset);
        }

        @Override
        public void onFailed(PartitionLog of) {
            failed();
        }
    }
}
