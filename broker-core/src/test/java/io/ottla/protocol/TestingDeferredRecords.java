package io.ottla.protocol;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** Records of one byte repeated; a negative byte stands for a disk that fails. */
final class TestingDeferredRecords implements DeferredRecords {
    private final int size;
    private final boolean inline;
    private final int content;

    /** How often it was released. */
    int released;

    TestingDeferredRecords(int size, boolean inline, int content) {
        this.size = size;
        this.inline = inline;
        this.content = content;
    }

    @Override
    public int sizeInBytes() {
        return size;
    }

    @Override
    public boolean isInline() {
        return inline;
    }

    @Override
    public void copyTo(ByteBuffer target) {
        if (content < 0) {
            throw new UncheckedIOException(new IOException("the disk is gone"));
        }
        for (int i = 0; i < size; i++) {
            target.put((byte) content);
        }
    }

    @Override
    public void release() {
        released++;
    }
}
