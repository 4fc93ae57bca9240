package io.ottla.replication;

import io.ottla.storage.PartitionLog;
import io.ottla.types.Failure;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.Errors;

/** The part of a partition that deletes records from its start (KIP-107). Thread-safe. */
final class RecordDeletion {
    private final PartitionState here;

    RecordDeletion(PartitionState here) {
        this.here = here;
    }

    /** As {@link Partition#deleteRecords}. */
    CompletionStage<DeletedRecords> delete(long offset) {
        PartitionLog from = here.log;
        return switch (moveLogStart(offset)) {
            case DeletedRecords.Refused refused -> CompletableFuture.completedStage(refused);
            case DeletedRecords.Deleted deleted ->
                from.keepLogStart()
                        .thenApply(kept -> kept ? deleted : new DeletedRecords.Refused(Role.Refusals.STORAGE));
        };
    }

    private DeletedRecords moveLogStart(long offset) {
        long low;
        here.lock.lock();
        try {
            Role now = here.role;
            if (!(now instanceof Role.Leading leading)) {
                return new DeletedRecords.Refused(now.refusal());
            }
            if (!here.log.properties().delete()) {
                return new DeletedRecords.Refused(Failure.of(
                        Errors.POLICY_VIOLATION,
                        "Records of " + here.name + " can't be deleted: cleanup.policy does not contain 'delete'"));
            }
            long target = offset == -1 ? here.highWatermark : offset;
            if (target < 0 || target > here.highWatermark) {
                return new DeletedRecords.Refused(Failure.of(
                        Errors.OFFSET_OUT_OF_RANGE,
                        "Expected an offset of " + here.name + " not beyond the high watermark " + here.highWatermark
                                + ", but got " + offset));
            }
            if (target > here.log.logStartOffset() && !here.log.advanceLogStart(target)) {
                return new DeletedRecords.Refused(
                        here.log.folder().isOnline() ? Failure.of(Errors.OFFSET_OUT_OF_RANGE) : Role.Refusals.STORAGE);
            }
            low = lowWatermark(leading);
        } finally {
            here.lock.unlock();
        }
        here.watchers.tell();
        return new DeletedRecords.Deleted(low);
    }

    private long lowWatermark(Role.Leading leading) {
        long low = here.log.logStartOffset();
        for (Follower follower : leading.counted()) {
            low = Math.min(low, follower.logStartOffset);
        }
        return low;
    }
}
