package io.ottla.record;

import java.nio.ByteBuffer;

/**
 * Produced batches that passed every check that needs no partition lock (format, CRC, sizes, timestamps, codec) and
 * are in the format, codec and shape in which they will be written. Only {@code BatchValidator} makes them of what clients send. The buffer
 * is a window over the request's own bytes unless the batches had to be rewritten; it is stamped in place.
 *
 * <p>Not thread-safe; used by one append.
 */
public interface CheckedBatches {
    /** All batches, one after the other, from position to limit; magic 2 only. */
    ByteBuffer buffer();

    /** Records in all batches, more than 0. */
    int recordCount();

    /** Largest record timestamp of all, -1 where no record has one. */
    long maxTimestamp();
}
