package io.ottla.replication;

import io.ottla.storage.AbortedTransaction;
import io.ottla.storage.EpochEnd;
import io.ottla.storage.FileSlice;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import java.util.List;

/** What a reader of a partition gets. */
public sealed interface PartitionRead {
    /**
     * Batches, or none where nothing new is there. The receiver releases every slice.
     *
     * @param aborted for readers of committed records, else null
     */
    record Found(
            List<FileSlice> slices,
            int bytes,
            long highWatermark,
            long lastStableOffset,
            long logStartOffset,
            List<AbortedTransaction> aborted)
            implements PartitionRead {
        /** The same where more is committed by now. */
        Found committedTo(long offset) {
            return new Found(slices, bytes, offset, lastStableOffset, logStartOffset, aborted);
        }
    }

    /** The reader's log and ours part at this epoch's end (KIP-595). */
    record Diverged(EpochEnd at, long highWatermark, long lastStableOffset, long logStartOffset)
            implements PartitionRead {}

    /** Another replica is nearer to the reader, and in sync (KIP-392). */
    record Elsewhere(BrokerId replica, long highWatermark, long lastStableOffset, long logStartOffset)
            implements PartitionRead {}

    record Refused(Failure failure) implements PartitionRead {}
}
