package io.ottla.api;

import io.ottla.storage.FileSlice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.RecordsSend;

/**
 * Batches of a Fetch answer: ranges of segment files, in order. Whoever sends the answer, or throws it away, releases
 * them.
 */
public final class FetchedRecords implements BaseRecords {
    /** Larger ranges are worth a sendfile of their own. */
    private static final int INLINE_BYTES = 16 * 1024;

    private final List<FileSlice> slices;
    private final int bytes;
    private final AtomicBoolean released = new AtomicBoolean();

    /** Takes over the slices. */
    FetchedRecords(List<FileSlice> slices, int bytes) {
        this.slices = slices;
        this.bytes = bytes;
    }

    /** To be sent in this order. */
    public List<FileSlice> slices() {
        return slices;
    }

    @Override
    public int sizeInBytes() {
        return bytes;
    }

    /** Whether they are few and surely in the page cache, so that copying them costs less than a send of their own. */
    public boolean isInline() {
        if (bytes > INLINE_BYTES) {
            return false;
        }
        for (FileSlice slice : slices) {
            if (!slice.isHot()) {
                return false;
            }
        }
        return true;
    }

    /** Copies everything to the buffer's position and on. Blocks on cold ranges. */
    public void copyTo(ByteBuffer target) {
        int limit = target.limit();
        try {
            for (FileSlice slice : slices) {
                target.limit(target.position() + slice.length());
                slice.readInto(target);
                target.limit(limit);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives the segments back. Thread-safe; a second call does nothing. */
    public void release() {
        if (released.compareAndSet(false, true)) {
            for (FileSlice slice : slices) {
                slice.release();
            }
        }
    }

    /** Not how we send. */
    @Override
    public RecordsSend<? extends BaseRecords> toSend() {
        throw new UnsupportedOperationException("Expected fetched records to be sent as a part of a frame");
    }
}
