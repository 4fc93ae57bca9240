package io.ottla.simulation;

import io.ottla.replication.Partition;
import io.ottla.replication.Replicas;
import io.ottla.replication.Role;
import io.ottla.storage.FileSlice;
import io.ottla.storage.PartitionLog;
import io.ottla.storage.ReadResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.IdentityHashMap;

/**
 * Looks at the replicas of one broker's process after each of its steps: high watermarks and epochs never go back, what
 * lies below a high watermark is what everybody else sees there, and who begins to lead has all that is committed.
 */
final class ReplicaWatch {
    private static final int READ_BYTES = 1 << 20;

    private static final class Seen {
        private long highWatermark;
        private int epoch = -1;
        private int ledEpoch = -1;
        private long compared = -1;
    }

    private final String broker;
    private final History history;
    private final Leaders leaders;
    private final IdentityHashMap<Partition, Seen> seen = new IdentityHashMap<>();

    ReplicaWatch(String broker, History history, Leaders leaders) {
        this.broker = broker;
        this.history = history;
        this.leaders = leaders;
    }

    void look(Replicas replicas) {
        replicas.each(this::look);
    }

    private void look(Partition partition) {
        PartitionHistory known =
                history.partition(partition.name().topic(), partition.name().partition());
        PartitionLog log = partition.log();
        if (known == null || log == null || known.isExcused()) {
            return;
        }
        Role role = partition.role();
        if (role instanceof Role.Offline || role instanceof Role.Gone || role instanceof Role.Opening) {
            return;
        }
        Seen before = seen.computeIfAbsent(partition, made -> new Seen());
        int epoch = role.epoch().value();
        if (epoch < before.epoch) {
            throw new Violation(broker + " goes back from epoch " + before.epoch + " to " + epoch + " of " + known);
        }
        before.epoch = epoch;
        if (role instanceof Role.Leading && before.ledEpoch != epoch) {
            before.ledEpoch = epoch;
            leaders.leads(known, epoch, broker);
            if (log.logEndOffset() < known.end()) {
                throw new Violation(broker + " leads " + known + " in epoch " + epoch
                        + " with a log that ends at offset " + log.logEndOffset() + ", but everything below offset "
                        + known.end() + " is committed");
            }
            compare(before, known, log, known.end());
        }
        long highWatermark = partition.highWatermark();
        if (highWatermark < before.highWatermark) {
            throw new Violation(broker + " takes the high watermark of " + known + " back from " + before.highWatermark
                    + " to " + highWatermark);
        }
        if (highWatermark != before.highWatermark) {
            before.highWatermark = highWatermark;
            if (role instanceof Role.Leading) {
                known.committedUpTo(highWatermark);
            }
            compare(before, known, log, Math.min(highWatermark, log.logEndOffset()));
        }
        if (log.logEndOffset() < before.compared) {
            throw new Violation(broker + " has cut " + known + " at offset " + log.logEndOffset()
                    + ", below its high watermark of " + before.compared);
        }
    }

    /** Compares with what everybody else has seen, from where it stopped last time. */
    private void compare(Seen before, PartitionHistory known, PartitionLog log, long upTo) {
        long from = before.compared < 0 ? log.logStartOffset() : before.compared;
        long reached = read(known, log, from, upTo);
        if (reached > from) {
            before.compared = reached;
        }
    }

    /** Reads a log up to the offset, or to what is damaged, as somebody who has seen it. Returns where it stopped. */
    long read(PartitionHistory known, PartitionLog log, long from, long upTo) {
        long at = from;
        while (at < upTo) {
            if (!(log.read(at, upTo, READ_BYTES, true) instanceof ReadResult.Found found)
                    || found.slices().isEmpty()) {
                return at;
            }
            long next = at;
            for (FileSlice slice : found.slices()) {
                next = Math.max(next, compare(known, slice, at));
            }
            if (next == at) {
                return at;
            }
            at = next;
        }
        return at;
    }

    /** Returns the offset after the last batch; -1 where there is none that can be read. */
    private long compare(PartitionHistory known, FileSlice slice, long from) {
        ByteBuffer bytes = ByteBuffer.allocate(slice.length());
        try {
            slice.readInto(bytes);
        } catch (IOException failing) {
            return -1;
        } finally {
            slice.release();
        }
        return Batches.read(bytes.flip(), (offset, id, epoch) -> {
            if (offset >= from) {
                known.saw(broker, offset, id);
            }
        });
    }
}
