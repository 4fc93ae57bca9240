package io.ottla.replication;

import io.ottla.metadata.PartitionImage;
import io.ottla.storage.PartitionLog;
import io.ottla.types.BrokerId;
import io.ottla.types.LeaderEpoch;
import org.apache.kafka.common.protocol.Errors;

/** The part of a partition that takes up its roles: follows what the cluster wants of it as soon as there is a log. Thread-safe. */
final class RoleChanges {
    private static final Role GONE = new Role.Gone();

    private final PartitionState here;
    private final Runnable onLost;
    private final Partition.Listener listener;
    private PartitionImage wanted;

    /** @param onLost told when the log is offline and the cluster does not know it */
    RoleChanges(PartitionState here, Runnable onLost, Partition.Listener listener) {
        this.here = here;
        this.onLost = onLost;
        this.listener = listener;
    }

    /** Takes up a log that has been opened, and the role that was waiting for it. */
    void opened(PartitionLog opened) {
        opened.listen(new LogListener());
        here.lock.lock();
        try {
            here.log = opened;
            here.highWatermark = opened.highWatermark();
            if (here.role instanceof Role.Gone) {
                return;
            }
        } finally {
            here.lock.unlock();
        }
        settle();
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
            if (!(here.role instanceof Role.Offline)
                    || wanted == null
                    || wanted.offline().contains(here.self)) {
                return;
            }
        } finally {
            here.lock.unlock();
        }
        onLost.run();
    }

    /** The partition is no longer this broker's. */
    void gone() {
        leave(GONE);
    }

    /** The broker stops: it leads no more, and whoever waits is sent elsewhere. */
    void resign() {
        leave(new Role.Following(BrokerId.NONE, here.role.epoch()));
    }

    /** Notes the newest state of the partition, and acts on it as soon as there is a log. Older states are dropped. */
    void apply(PartitionImage state) {
        here.lock.lock();
        try {
            if (wanted != null && isOlder(state, wanted)) {
                return;
            }
            wanted = state;
        } finally {
            here.lock.unlock();
        }
        settle();
        tellOfLoss();
    }

    private static boolean isOlder(PartitionImage state, PartitionImage known) {
        int byLeader = state.leaderEpoch().compareTo(known.leaderEpoch());
        return byLeader < 0 || byLeader == 0 && state.partitionEpoch().compareTo(known.partitionEpoch()) < 0;
    }

    private void settle() {
        AckWaiter failed = null;
        here.lock.lock();
        try {
            if (!isUsable() || wanted == null) {
                return;
            }
            boolean stays =
                    wanted.leader().equals(here.self) && wanted.leaderEpoch().equals(here.role.epoch());
            if (here.role instanceof Role.Leading && !stays) {
                here.role = new Role.Following(BrokerId.NONE, here.role.epoch());
                failed = here.acks.takeAll();
            }
        } finally {
            here.lock.unlock();
        }
        AckWaiter.endAll(failed, Errors.NOT_LEADER_OR_FOLLOWER);
        AckWaiter acknowledged = null;
        Errors how = Errors.NONE;
        here.lock.lock();
        try {
            if (!isUsable()) {
                return;
            }
            if (wanted.leader().equals(here.self)) {
                Role.Leading leading = lead(wanted);
                if (here.advanceHighWatermark(leading)) {
                    acknowledged = here.acks.takeUpTo(here.highWatermark);
                    how = here.acknowledgement(leading);
                }
            } else {
                here.role = new Role.Following(wanted.leader(), wanted.leaderEpoch());
            }
        } finally {
            here.lock.unlock();
        }
        here.tell(acknowledged, how);
    }

    private boolean isUsable() {
        return here.log != null && !(here.role instanceof Role.Gone) && !(here.role instanceof Role.Offline);
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
        public void onFailed(PartitionLog of) {
            failed();
        }
    }
}
