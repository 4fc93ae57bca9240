package io.ottla.replication;

import io.ottla.metadata.PartitionImage;
import io.ottla.peer.InSyncResult;
import io.ottla.storage.PartitionLog;
import io.ottla.types.BrokerId;
import io.ottla.types.LeaderEpoch;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The part of a partition that takes up its roles: follows what the cluster wants of it as soon as there is a log. Thread-safe. */
final class RoleChanges {
    private static final Logger LOG = LoggerFactory.getLogger(RoleChanges.class);
    private static final Role GONE = new Role.Gone();

    private final PartitionState here;
    private final Runnable onLost;
    private final Runnable onRole;
    private final Partition.Surroundings listener;
    private PartitionImage wanted;
    private boolean resigned;
    /** Whether it is being looked whether the log is damaged. */
    private boolean examining;
    /** From where on the log is damaged, at most; it neither leads nor follows before that is mended. -1 where nothing is known. */
    private long damagedFrom = -1;

    /**
     * @param onLost told when the log is offline or damaged and the cluster does not know it
     * @param onRole told, without the lock, after each change of role
     */
    RoleChanges(PartitionState here, Runnable onLost, Runnable onRole, Partition.Surroundings listener) {
        this.here = here;
        this.onLost = onLost;
        this.onRole = onRole;
        this.listener = listener;
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
            if (opened.lacksCommitted()) {
                LOG.error(
                        "{} ends at offset {}, below what was committed: it is fetched again from those that are in sync,"
                                + " if there are others",
                        here.name,
                        opened.logEndOffset());
                damagedFrom = opened.logEndOffset();
            }
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
            epoch = wanted == null ? here.role.epoch() : wanted.leaderEpoch();
        } finally {
            here.lock.unlock();
        }
        leave(new Role.Offline(epoch));
        tellOfLoss();
    }

    private void tellOfLoss() {
        here.lock.lock();
        try {
            boolean told = wanted == null || wanted.offline().contains(here.self);
            if (told || !(here.role instanceof Role.Offline) && !(damagedFrom >= 0 && isCountedOn())) {
                return;
            }
        } finally {
            here.lock.unlock();
        }
        onLost.run();
    }

    /**
     * A reader suspects damage. Where others have what is lost, it is looked whether that is so.
     *
     * @param offset from which it read
     */
    void suspect(long offset) {
        here.lock.lock();
        try {
            if (examining || damagedFrom >= 0 || !isUsable() || here.cutting != null || !isMendable()) {
                return;
            }
            examining = true;
        } finally {
            here.lock.unlock();
        }
        begin(() -> here.log.isDamaged(offset))
                .whenComplete((damaged, failure) -> examined(offset, failure == null && damaged));
    }

    /** Whether the log is looked through, mended, or can't be used, so that whoever reads it had better wait. */
    boolean isSuspected() {
        here.lock.lock();
        try {
            return examining || damagedFrom >= 0 || here.cutting != null || !isUsable();
        } finally {
            here.lock.unlock();
        }
    }

    /** What the folder's pool is asked for, which may have too much to do. */
    private static <T> CompletionStage<T> begin(Supplier<CompletionStage<T>> work) {
        try {
            return work.get();
        } catch (RejectedExecutionException full) {
            return CompletableFuture.failedStage(full);
        }
    }

    private void examined(long offset, boolean damaged) {
        here.lock.lock();
        try {
            examining = false;
            if (!damaged || !isUsable() || !isMendable()) {
                return;
            }
            LOG.error(
                    "{} is damaged in a segment that holds offset {}: it is fetched again from those that are in sync",
                    here.name,
                    offset);
            damagedFrom = offset;
        } finally {
            here.lock.unlock();
        }
        settle();
        tellOfLoss();
    }

    /** Whether others are in sync, so that nothing is lost where this replica is cut. */
    private boolean isMendable() {
        return wanted != null && wanted.inSync().stream().anyMatch(member -> !member.equals(here.self));
    }

    /** Whether the cluster takes this replica for one that has all that was acknowledged. */
    private boolean isCountedOn() {
        return wanted.leader().equals(here.self)
                || wanted.inSync().contains(here.self)
                || wanted.eligible().contains(here.self);
    }

    /** Begins to cut a damaged log where the cluster counts on it no more, and another leads; null else. Under the lock. */
    private CompletionStage<Void> mend() {
        if (!isMendable()) {
            damagedFrom = -1; // the only one that has anything
            return null;
        }
        if (isCountedOn() || wanted.leader().isNone()) {
            return null;
        }
        long from = damagedFrom;
        damagedFrom = -1;
        cutBegins();
        return begin(() -> here.log.cutDamage(from));
    }

    /** The partition is no longer this broker's. */
    void gone() {
        leave(GONE);
    }

    /** The broker stops: it leads and follows no more, and whoever waits is sent elsewhere. */
    void resign() {
        here.lock.lock();
        try {
            resigned = true;
        } finally {
            here.lock.unlock();
        }
        leave(new Role.Following(BrokerId.NONE, here.role.epoch()));
    }

    /** As {@link Partition#apply}. */
    CompletionStage<Void> apply(PartitionImage state) {
        here.lock.lock();
        try {
            if (wanted != null && isOlder(state, wanted)) {
                return CompletableFuture.completedStage(null);
            }
            wanted = state;
        } finally {
            here.lock.unlock();
        }
        CompletionStage<Void> settled = settle();
        tellOfLoss();
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
            if (state.partitionEpoch().compareTo(wanted.partitionEpoch()) > 0) {
                wanted = wanted.withInSync(state.inSync(), state.recovering(), state.partitionEpoch());
            }
        } finally {
            here.lock.unlock();
        }
        settle();
    }

    /** A cut has begun, under the lock: no other role is taken up before it has ended. */
    void cutBegins() {
        here.cutting = new CompletableFuture<>();
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
        CompletionStage<Void> mending = null;
        CompletionStage<Void> mended;
        here.lock.lock();
        try {
            if (here.cutting != null) {
                return here.cutting;
            }
            if (!isUsable() || wanted == null) {
                return CompletableFuture.completedStage(null);
            }
            if (damagedFrom >= 0) {
                mending = mend();
            }
            boolean stays = wanted.leader().equals(here.self)
                    && wanted.leaderEpoch().equals(here.role.epoch())
                    && damagedFrom < 0;
            mended = here.cutting;
            if (here.role instanceof Role.Leading && !stays || mending != null) {
                here.role = new Role.Following(BrokerId.NONE, here.role.epoch());
                failed = here.acks.takeAll();
            }
        } finally {
            here.lock.unlock();
        }
        AckWaiter.endAll(failed, Errors.NOT_LEADER_OR_FOLLOWER);
        if (mending != null) {
            onRole.run();
            mending.whenComplete((_, failure) -> {
                if (failure != null) {
                    LOG.error("Cutting {} failed", here.name, failure);
                }
                cutEnded();
            });
            return mended;
        }
        AckWaiter acknowledged = null;
        Errors how = Errors.NONE;
        boolean changed;
        here.lock.lock();
        try {
            if (here.cutting != null) {
                return here.cutting;
            }
            if (!isUsable()) {
                return CompletableFuture.completedStage(null);
            }
            Role before = here.role;
            if (damagedFrom >= 0 || wanted.leaderEpoch().compareTo(here.log.latestEpoch()) < 0) {
                // Damaged; or the log has what a later leader wrote: this is a picture of the past, however new to this
                // process.
                here.role = new Role.Following(BrokerId.NONE, wanted.leaderEpoch());
            } else if (wanted.leader().equals(here.self)) {
                Role.Leading leading = lead(wanted);
                if (here.advanceHighWatermark(leading)) {
                    acknowledged = here.acks.takeUpTo(here.highWatermark);
                    how = here.acknowledgement(leading);
                }
            } else {
                here.role = new Role.Following(wanted.leader(), wanted.leaderEpoch());
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

    private boolean isUsable() {
        return !resigned
                && here.log != null
                && !(here.role instanceof Role.Gone)
                && !(here.role instanceof Role.Offline);
    }

    private Role.Leading lead(PartitionImage state) {
        Role before = here.role;
        if (!(before instanceof Role.Leading) || !before.epoch().equals(state.leaderEpoch())) {
            here.log.beginEpoch(state.leaderEpoch());
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
