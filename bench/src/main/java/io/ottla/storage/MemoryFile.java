package io.ottla.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;

/** A channel of {@link MemoryDisk}, for reads and writes that name their position. As with a file, what is written is seen. */
final class MemoryFile extends FileChannel {
    /** Bytes of a file. */
    static final class Content {
        private volatile byte[] bytes = {};
        private volatile int size;

        int size() {
            return size;
        }

        synchronized void truncate(long to) {
            size = (int) Math.min(size, to);
        }

        synchronized int write(ByteBuffer from, long position) {
            int length = from.remaining();
            int end = (int) position + length;
            byte[] target = bytes;
            if (end > target.length) {
                target = Arrays.copyOf(target, Math.max(end, 2 * target.length));
            }
            from.get(target, (int) position, length);
            bytes = target;
            size = Math.max(size, end);
            return length;
        }

        int read(ByteBuffer into, long position) {
            int length = Math.min(into.remaining(), size - (int) position);
            if (length <= 0) {
                return -1;
            }
            into.put(bytes, (int) position, length);
            return length;
        }
    }

    private final Content content;

    MemoryFile(Content content) {
        this.content = content;
    }

    private Content open() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        return content;
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
        return open().read(into, position);
    }

    @Override
    public int write(ByteBuffer from, long position) throws IOException {
        return open().write(from, position);
    }

    @Override
    public long size() throws IOException {
        return open().size();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        open().truncate(size);
        return this;
    }

    @Override
    public void force(boolean metaData) throws IOException {
        open();
    }

    @Override
    protected void implCloseChannel() {}

    private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("Expected reads and writes at a position only");
    }

    @Override
    public int read(ByteBuffer into) {
        throw unused();
    }

    @Override
    public long read(ByteBuffer[] into, int offset, int length) {
        throw unused();
    }

    @Override
    public int write(ByteBuffer from) {
        throw unused();
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) {
        throw unused();
    }

    @Override
    public long position() {
        throw unused();
    }

    @Override
    public FileChannel position(long position) {
        throw unused();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) {
        throw unused();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) {
        throw unused();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
        throw unused();
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) {
        throw unused();
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) {
        throw unused();
    }
}
