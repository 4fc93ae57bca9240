package io.ottla.simulation;

import io.ottla.replication.Partition;
import io.ottla.replication.Replicas;
import io.ottla.replication.Role;
import io.ottla.storage.PartitionLog;
import java.util.IdentityHashMap;
import java.util.function.BooleanSupplier;

/**
 * Looks at the replicas of one broker's process after each of its steps: high watermarks and epochs never go back, what
 * lies below a high watermark is what everybody else sees there, and who begins to lead has all that is committed. Where
 * records may be lost, epochs never go back, nor does the high watermark of one leadership, and what one epoch has written is
 * the same wherever it is.
 */
final class ReplicaWatch {
    private static final class Seen {
        /** The last; only whether there is another one by now is of interest. */
        private Object role;

        private long highWatermark;
        private int epoch = -1;
        private int ledEpoch = -1;
        private long compared = -1;
        private long looselyCompared;
    }

    private final String broker;
    private final History history;
    private final Leaders leaders;
    private final BooleanSupplier damaged;
    private final IdentityHashMap<Partition, Seen> seen = new IdentityHashMap<>();
    private long roles;

    /** @param damaged whether bits have turned on its disk, so that logs are cut below what was committed, and fetched again */
    ReplicaWatch(String broker, History history, Leaders leaders, BooleanSupplier damaged) {
        this.damaged = damaged;
        this.broker = broker;
        this.history = history;
        this.leaders = leaders;
    }

    /** How often a replica has taken another role, or counted others. */
    long roles() {
        return roles;
    }

    void look(Replicas replicas) {
        replicas.each(this::look);
    }

    private void look(Partition partition) {
        PartitionHistory known =
                history.partition(partition.name().topic(), partition.name().partition());
        PartitionLog log = partition.log();
        if (known == null || log == null) {
            return;
        }
        Role role = partition.role();
        if (role instanceof Role.Offline || role instanceof Role.Gone || role instanceof Role.Opening) {
            return;
        }
        Seen before = seen.computeIfAbsent(partition, made -> new Seen());
        if (!role.equals(before.role)) {
            before.role = role;
            roles++;
        }
        int epoch = role.epoch().value();
        if (epoch < before.epoch) {
            throw new Violation(broker + " goes back from epoch " + before.epoch + " to " + epoch + " of " + known);
        }
        before.epoch = epoch;
        boolean beginsToLead = role instanceof Role.Leading && before.ledEpoch != epoch;
        if (beginsToLead) {
            before.ledEpoch = epoch;
            leaders.leads(known, epoch, broker);
        }
        ReplicaCopy copy = new ReplicaCopy(log, partition.highWatermark());
        if (known.isExcused()) {
            lookLoosely(before, known, copy, role, beginsToLead);
        } else {
            lookStrictly(before, known, copy, role, beginsToLead);
        }
    }

    private void lookStrictly(Seen before, PartitionHistory known, ReplicaCopy copy, Role role, boolean beginsToLead) {
        long end = copy.log().logEndOffset();
        if (damaged.getAsBoolean() && !(role instanceof Role.Leading)) {
            before.highWatermark = Math.min(before.highWatermark, copy.highWatermark());
            before.compared = Math.min(before.compared, end);
        }
        // one that takes up a role late leads nobody any more
        if (beginsToLead && before.epoch >= known.committedIn()) {
            if (end < known.end()) {
                throw new Violation(broker + " leads " + known + " in epoch " + before.epoch
                        + " with a log that ends at offset " + end + ", but everything below offset " + known.end()
                        + " is committed");
            }
            compare(before, known, copy, known.end());
        }
        if (requireNotBack(before, known, copy.highWatermark())) {
            if (role instanceof Role.Leading) {
                known.committedUpTo(copy.highWatermark(), before.epoch);
            }
            compare(before, known, copy, Math.min(copy.highWatermark(), end));
        }
        if (end < before.compared) {
            throw new Violation(broker + " has cut " + known + " at offset " + end + ", below its high watermark of "
                    + before.compared);
        }
    }

    private void lookLoosely(Seen before, PartitionHistory known, ReplicaCopy copy, Role role, boolean beginsToLead) {
        if (beginsToLead || !(role instanceof Role.Leading)) {
            before.highWatermark = copy.highWatermark();
        }
        requireNotBack(before, known, copy.highWatermark());
        long end = copy.log().logEndOffset();
        long from = Math.max(copy.log().logStartOffset(), Math.min(before.looselyCompared, end));
        before.looselyCompared = copy.read(from, end, (offset, id, epoch) -> known.saw(broker, offset, id, epoch));
    }

    /** True where it is another one. */
    private boolean requireNotBack(Seen before, PartitionHistory known, long highWatermark) {
        if (highWatermark < before.highWatermark) {
            throw new Violation(broker + " takes the high watermark of " + known + " back from " + before.highWatermark
                    + " to " + highWatermark);
        }
        boolean moved = highWatermark != before.highWatermark;
        before.highWatermark = highWatermark;
        return moved;
    }

    /** Compares with what everybody else has seen, from where it stopped last time. */
    private void compare(Seen before, PartitionHistory known, ReplicaCopy copy, long upTo) {
        long from = before.compared < 0 ? copy.log().logStartOffset() : before.compared;
        long reached = copy.read(from, upTo, (offset, id, epoch) -> known.saw(broker, offset, id, epoch));
        if (reached > from) {
            before.compared = reached;
        }
    }
}
