package io.ottla.storage;

import io.ottla.protocol.DeferredRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The records of a fetch answer that still lie in the log's files: what a handler puts into {@code PartitionData} and the
 * network turns into sendfile or bytes. Owns its slices: whoever takes it over sends or discards it, once.
 */
public final class StoredRecords implements DeferredRecords {
    private final List<FileSlice> slices;
    private final int bytes;
    private final AtomicBoolean released = new AtomicBoolean();

    /** @param bytes of all slices */
    public StoredRecords(List<FileSlice> slices, int bytes) {
        this.slices = slices;
        this.bytes = bytes;
    }

    public List<FileSlice> slices() {
        return slices;
    }

    @Override
    public int sizeInBytes() {
        return bytes;
    }

    @Override
    public boolean isInline() {
        for (int i = 0; i < slices.size(); i++) {
            if (!slices.get(i).isHot()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void copyTo(ByteBuffer target) {
        int end = target.limit();
        for (FileSlice slice : slices) {
            try {
                slice.readInto(target.limit(target.position() + slice.length()));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
            target.limit(end);
        }
    }

    /** Gives all slices back unsent. */
    public void discard() {
        release();
    }

    @Override
    public void release() {
        if (released.compareAndSet(false, true)) {
            for (int i = 0; i < slices.size(); i++) {
                slices.get(i).release();
            }
        }
    }
}
