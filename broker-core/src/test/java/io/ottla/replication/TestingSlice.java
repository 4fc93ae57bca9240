package io.ottla.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.storage.FileSlice;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicInteger;

/** A slice of memory that notices when it is released twice, or never. */
final class TestingSlice implements FileSlice {
    private final byte[] bytes;
    private final AtomicInteger held;
    private final AtomicInteger releases = new AtomicInteger();

    /** @param held counts slices that are not released yet */
    TestingSlice(byte[] bytes, AtomicInteger held) {
        this.bytes = bytes;
        this.held = held;
        held.incrementAndGet();
    }

    @Override
    public FileChannel channel() {
        throw new UnsupportedOperationException("Expected a test to read slices, not to send them");
    }

    @Override
    public long position() {
        return 0;
    }

    @Override
    public int length() {
        return bytes.length;
    }

    @Override
    public boolean isHot() {
        return true;
    }

    @Override
    public void readInto(ByteBuffer target) {
        target.put(bytes, 0, Math.min(bytes.length, target.remaining()));
    }

    @Override
    public void release() {
        assertThat(releases.incrementAndGet()).as("releases of one slice").isEqualTo(1);
        held.decrementAndGet();
    }
}
