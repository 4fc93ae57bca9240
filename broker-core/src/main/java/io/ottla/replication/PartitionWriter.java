package io.ottla.replication;

import io.ottla.record.CheckedBatches;
import io.ottla.storage.AppendOrigin;
import io.ottla.storage.AppendResult;
import io.ottla.types.Failure;
import org.apache.kafka.common.protocol.Errors;

/** The part of a partition that appends as its leader, and lets those wait who want it committed. Thread-safe. */
final class PartitionWriter {
    private final PartitionState here;

    PartitionWriter(PartitionState here) {
        this.here = here;
    }

    /** As {@link Partition#append}. */
    AppendResult append(Role.Leading leading, CheckedBatches batches, AppendOrigin origin, boolean allInSync) {
        AppendResult result;
        AckWaiter acknowledged = null;
        boolean advanced = false;
        Errors how = Errors.NONE;
        here.lock.lock();
        try {
            Role now = here.role;
            if (!(now instanceof Role.Leading current) || !current.epoch().equals(leading.epoch())) {
                return new AppendResult.Refused(now.refusal() == null ? Role.Refusals.NOT_LEADER : now.refusal());
            }
            if (allInSync && here.isUnderMinInSync(current)) {
                here.log.appendsWereRefused();
                return new AppendResult.Refused(tooFewInSync(current));
            }
            result = here.log.appendAsLeader(batches, current.epoch(), origin);
            if (result instanceof AppendResult.Appended appended) {
                here.appended(appended.bytes());
                advanced = here.advanceHighWatermark(current);
                if (advanced) {
                    acknowledged = here.acks.takeUpTo(here.highWatermark);
                    how = here.acknowledgement(current);
                }
            }
        } finally {
            here.lock.unlock();
        }
        if (advanced) {
            here.tell(acknowledged, how);
        } else if (result instanceof AppendResult.Appended) {
            here.watchers.tellOfGrowth();
        }
        return result;
    }

    private Failure tooFewInSync(Role.Leading leading) {
        return Failure.of(
                Errors.NOT_ENOUGH_REPLICAS,
                "Expected at least " + here.minInSync(leading) + " in-sync replicas of " + here.name
                        + " (min.insync.replicas), but there are "
                        + leading.inSync().committed().size()
                        + ". Start the brokers that hold its other replicas");
    }

    /** As {@link Partition#await}. */
    void await(AckWaiter waiter, Role.Leading leading, long offset) {
        Errors how;
        here.lock.lock();
        try {
            if (!(here.role instanceof Role.Leading current) || !current.epoch().equals(leading.epoch())) {
                how = PartitionState.endOfLeadership(here.role);
            } else if (here.highWatermark >= offset) {
                how = here.acknowledgement(current);
            } else {
                here.acks.add(waiter, offset);
                return;
            }
        } finally {
            here.lock.unlock();
        }
        waiter.ended(how);
    }

    /** As {@link Partition#abandon}. */
    void abandon(AckWaiter waiter) {
        boolean taken;
        here.lock.lock();
        try {
            taken = here.acks.remove(waiter);
        } finally {
            here.lock.unlock();
        }
        if (taken) {
            waiter.ended(Errors.REQUEST_TIMED_OUT);
        }
    }

    /** As {@link Partition#waitingAcks}. */
    int waiting() {
        here.lock.lock();
        try {
            return here.acks.size();
        } finally {
            here.lock.unlock();
        }
    }
}
