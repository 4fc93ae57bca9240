package io.ottla.simulation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** A file of a {@link SimulatedDisk} that a process has open. */
final class SimulatedChannel extends FileChannel {
    /** What stands between a process and its disk. */
    interface Guard {
        SimulatedDisk disk();

        /** Throws where the file can't be read. */
        void look(Path file) throws IOException;

        /** Throws where the file can't be changed. */
        void change(Path file) throws IOException;

        /** The wall time. */
        long nowMs();
    }

    private final Guard guard;
    private final Path path;
    private final SimulatedFile file;
    private final boolean appends;
    private long position;

    /** @param path under which it was opened; it may have got another name since */
    SimulatedChannel(Guard guard, Path path, SimulatedFile file, boolean appends) {
        this.guard = guard;
        this.path = path;
        this.file = file;
        this.appends = appends;
    }

    private void look() throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        guard.look(path);
    }

    private void change() throws IOException {
        look();
        guard.change(path);
        file.modified(guard.nowMs());
    }

    @Override
    public int read(ByteBuffer target, long at) throws IOException {
        look();
        return file.read(target, at);
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int read = read(target, position);
        position += Math.max(0, read);
        return read;
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        long all = 0;
        for (int i = offset; i < offset + length; i++) {
            int read = read(targets[i]);
            if (read < 0) {
                return all == 0 ? -1 : all;
            }
            all += read;
        }
        return all;
    }

    @Override
    public int write(ByteBuffer source, long at) throws IOException {
        change();
        int growth = (int) Math.max(0, at + source.remaining() - file.size());
        int granted = guard.disk().take(growth);
        int fits = source.remaining() - (growth - granted);
        if (source.hasRemaining() && fits <= 0) {
            guard.disk().give(granted);
            throw new IOException("No space left on device");
        }
        int limit = source.limit();
        source.limit(source.position() + fits);
        file.write(source, at);
        source.limit(limit);
        return fits;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        if (appends) {
            position = file.size();
        }
        int written = write(source, position);
        position += written;
        return written;
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        long all = 0;
        for (int i = offset; i < offset + length; i++) {
            int wanted = sources[i].remaining();
            int written = write(sources[i]);
            all += written;
            if (written < wanted) {
                return all;
            }
        }
        return all;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public FileChannel position(long newPosition) {
        position = newPosition;
        return this;
    }

    @Override
    public long size() throws IOException {
        look();
        return file.size();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        change();
        guard.disk().give(Math.max(0, file.size() - size));
        file.truncate(size);
        position = Math.min(position, size);
        return this;
    }

    @Override
    public void force(boolean metaData) throws IOException {
        change();
        file.force();
    }

    @Override
    public long transferTo(long from, long count, WritableByteChannel target) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(count, Math.max(0, file.size() - from)));
        read(bytes, from);
        return target.write(bytes.flip());
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long to, long count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) count);
        int read = source.read(bytes);
        return read <= 0 ? 0 : write(bytes.flip(), to);
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long from, long size) {
        throw new UnsupportedOperationException("Expected files to be read and written, but one is mapped: " + path);
    }

    @Override
    public FileLock lock(long from, long size, boolean shared) {
        throw new UnsupportedOperationException("Expected files to be locked by the disk, but got " + path);
    }

    @Override
    public FileLock tryLock(long from, long size, boolean shared) {
        throw new UnsupportedOperationException("Expected files to be locked by the disk, but got " + path);
    }

    @Override
    protected void implCloseChannel() {
        // The file stays.
    }
}
