package io.ottla.simulation;

import io.ottla.storage.FileSlice;
import io.ottla.storage.PartitionLog;
import io.ottla.storage.ReadResult;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What a replica has of a partition just now.
 *
 * @param highWatermark as the replica knows it
 */
record ReplicaCopy(PartitionLog log, long highWatermark) {
    private static final int READ_BYTES = 1 << 20;

    /** Tells of the records up to the offset, or to what is damaged. Returns where it stopped. */
    long read(long from, long upTo, Batches.Visitor visitor) {
        long at = from;
        while (at < upTo) {
            if (!(log.read(at, upTo, READ_BYTES, true) instanceof ReadResult.Found found)
                    || found.slices().isEmpty()) {
                return at;
            }
            long next = at;
            for (FileSlice slice : found.slices()) {
                next = read(slice, next, visitor);
            }
            if (next == at) {
                return at;
            }
            at = next;
        }
        return at;
    }

    /** Returns the offset after the last batch that can be read; as given where what was to be read before is damaged. */
    private static long read(FileSlice slice, long from, Batches.Visitor visitor) {
        ByteBuffer bytes = ByteBuffer.allocate(slice.length());
        try {
            slice.readInto(bytes);
        } catch (IOException failing) {
            return from;
        } finally {
            slice.release();
        }
        bytes.flip();
        if (bytes.remaining() < Batches.HEADER || bytes.getLong(0) > from) {
            return from;
        }
        return Math.max(from, Batches.read(bytes, (offset, id, epoch) -> {
            if (offset >= from) {
                visitor.record(offset, id, epoch);
            }
        }));
    }
}
