package io.ottla.replication;

import io.ottla.storage.PartitionLog;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.Failure;
import io.ottla.types.LeaderEpoch;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;

/**
 * The part of a partition that deletes records from its start, and waits until its live followers have done so too, as their
 * fetches tell (KIP-107). Thread-safe.
 */
final class RecordDeletion {
    private final PartitionState here;
    private final Partition.Surroundings surroundings;
    /** Guarded by the partition's lock. */
    private final List<Wait> waits = new ArrayList<>();

    private volatile int waiting;

    RecordDeletion(PartitionState here, Partition.Surroundings surroundings) {
        this.here = here;
        this.surroundings = surroundings;
    }

    /** Somebody who waits until all live replicas start at an offset, as long as that leader leads. */
    private record Wait(LeaderEpoch epoch, long offset, CompletableFuture<DeletedRecords> end) {}

    /** What became of the leader's own log. */
    private sealed interface Move {
        /** @param offset from which it is wanted to start now */
        record Moved(LeaderEpoch epoch, long offset) implements Move {}

        record Refused(Failure failure) implements Move {}
    }

    /** As {@link Partition#deleteRecords}. */
    CompletableFuture<DeletedRecords> delete(long offset) {
        PartitionLog from = here.log;
        CompletableFuture<DeletedRecords> end = new CompletableFuture<>();
        switch (moveLogStart(offset)) {
            case Move.Refused(Failure failure) -> end.complete(new DeletedRecords.Refused(failure));
            case Move.Moved(LeaderEpoch epoch, long target) ->
                from.keepLogStart().whenComplete((kept, failure) -> {
                    if (failure == null && kept) {
                        await(new Wait(epoch, target, end));
                    } else {
                        end.complete(new DeletedRecords.Refused(Role.Refusals.STORAGE));
                    }
                });
        }
        return end;
    }

    private Move moveLogStart(long offset) {
        Move moved;
        here.lock.lock();
        try {
            Role now = here.role;
            if (!(now instanceof Role.Leading leading)) {
                return new Move.Refused(now.refusal());
            }
            if (!here.log.properties().delete()) {
                return new Move.Refused(Failure.of(
                        Errors.POLICY_VIOLATION,
                        "Records of " + here.name + " can't be deleted: cleanup.policy does not contain 'delete'"));
            }
            long target = offset == -1 ? here.highWatermark : offset;
            if (target < 0 || target > here.highWatermark) {
                return new Move.Refused(Failure.of(
                        Errors.OFFSET_OUT_OF_RANGE,
                        "Expected an offset of " + here.name + " not beyond the high watermark " + here.highWatermark
                                + ", but got " + offset));
            }
            if (target > here.log.logStartOffset() && !here.log.advanceLogStart(target)) {
                return new Move.Refused(
                        here.log.folder().isOnline() ? Failure.of(Errors.OFFSET_OUT_OF_RANGE) : Role.Refusals.STORAGE);
            }
            moved = new Move.Moved(leading.epoch(), target);
        } finally {
            here.lock.unlock();
        }
        here.watchers.tell();
        return moved;
    }

    private void await(Wait wait) {
        DeletedRecords now;
        here.lock.lock();
        try {
            now = outcome(wait);
            if (now == null) {
                waits.add(wait);
                waiting = waits.size();
            }
        } finally {
            here.lock.unlock();
        }
        if (now == null) {
            wait.end.whenComplete((_, _) -> forget(wait)); // whoever asked may end it too
        } else {
            wait.end.complete(now);
        }
    }

    private void forget(Wait wait) {
        here.lock.lock();
        try {
            waits.remove(wait);
            waiting = waits.size();
        } finally {
            here.lock.unlock();
        }
    }

    /** A follower has fetched or is not live any more, or the role has changed: some waits may be over. Without the lock. */
    void review() {
        if (waiting == 0) {
            return;
        }
        List<Runnable> over = new ArrayList<>();
        here.lock.lock();
        try {
            for (Iterator<Wait> each = waits.iterator(); each.hasNext(); ) {
                Wait wait = each.next();
                DeletedRecords outcome = outcome(wait);
                if (outcome != null) {
                    each.remove();
                    over.add(() -> wait.end.complete(outcome));
                }
            }
            waiting = waits.size();
        } finally {
            here.lock.unlock();
        }
        over.forEach(Runnable::run);
    }

    /** Null as long as it waits. */
    private DeletedRecords outcome(Wait wait) {
        Role now = here.role;
        if (!(now instanceof Role.Leading leading) || !leading.epoch().equals(wait.epoch)) {
            return new DeletedRecords.Refused(now.refusal() == null ? Role.Refusals.NOT_LEADER : now.refusal());
        }
        long low = lowWatermark(leading);
        return low >= wait.offset ? new DeletedRecords.Deleted(low) : null;
    }

    /** From where on all live replicas have records; -1 where one has not said yet. */
    private long lowWatermark(Role.Leading leading) {
        long low = here.log.logStartOffset();
        for (Follower follower : leading.followers()) {
            if (!surroundings.epochOf(follower.id).equals(BrokerEpoch.NONE)) {
                low = Math.min(low, follower.logStartOffset);
            }
        }
        return low;
    }

    /** Deletions that wait for followers. */
    int waiting() {
        return waiting;
    }
}
