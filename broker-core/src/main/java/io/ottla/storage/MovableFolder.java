package io.ottla.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A disk as a log sees it whose folder gets another name while it works: it goes on with the paths that it knows. Thread-safe;
 * no access falls between the old name and the new one.
 */
final class MovableFolder implements Disk {
    /** Work that may fail with the disk. */
    private interface DiskWork<T> {
        T run() throws IOException;
    }

    private final Disk disk;
    private final Path known;
    private final ReadWriteLock naming = new ReentrantReadWriteLock();
    private Path now;

    /** @param folder as the log knows it, and as it is called until {@link #rename} */
    MovableFolder(Disk disk, Path folder) {
        this.disk = disk;
        this.known = folder;
        this.now = folder;
    }

    /** Gives the folder another name, in the folder it lies in. Not yet on disk when this returns. */
    void rename(Path to) throws IOException {
        naming.writeLock().lock();
        try {
            disk.move(now, to);
            now = to;
        } finally {
            naming.writeLock().unlock();
        }
    }

    private Path now(Path path) {
        return path.startsWith(known) ? now.resolve(known.relativize(path)) : path;
    }

    private <T> T named(DiskWork<T> work) throws IOException {
        Lock kept = naming.readLock();
        kept.lock();
        try {
            return work.run();
        } finally {
            kept.unlock();
        }
    }

    @Override
    public FileChannel open(Path file, OpenOption... options) throws IOException {
        return named(() -> disk.open(now(file), options));
    }

    @Override
    public FileChannel openSecret(Path file) throws IOException {
        return named(() -> disk.openSecret(now(file)));
    }

    @Override
    public CachedFile cached(Path file) {
        naming.readLock().lock();
        try {
            return disk.cached(now(file));
        } finally {
            naming.readLock().unlock();
        }
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
        named(() -> {
            disk.syncFolder(now(folder));
            return null;
        });
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        named(() -> {
            disk.move(now(from), now(to));
            return null;
        });
    }

    @Override
    public boolean delete(Path file) throws IOException {
        return named(() -> disk.delete(now(file)));
    }

    @Override
    public void createFolder(Path folder) throws IOException {
        named(() -> {
            disk.createFolder(now(folder));
            return null;
        });
    }

    /** By the names that they have now. */
    @Override
    public List<Entry> list(Path folder) throws IOException {
        return named(() -> disk.list(now(folder)));
    }

    @Override
    public boolean exists(Path file) {
        naming.readLock().lock();
        try {
            return disk.exists(now(file));
        } finally {
            naming.readLock().unlock();
        }
    }

    @Override
    public long size(Path file) throws IOException {
        return named(() -> disk.size(now(file)));
    }

    @Override
    public long lastModifiedMs(Path file) throws IOException {
        return named(() -> disk.lastModifiedMs(now(file)));
    }

    @Override
    public void setLastModifiedMs(Path file, long timeMs) throws IOException {
        named(() -> {
            disk.setLastModifiedMs(now(file), timeMs);
            return null;
        });
    }

    @Override
    public long usableBytes(Path folder) throws IOException {
        return named(() -> disk.usableBytes(now(folder)));
    }

    @Override
    public long totalBytes(Path folder) throws IOException {
        return named(() -> disk.totalBytes(now(folder)));
    }

    @Override
    public Optional<Closeable> lock(Path file) throws IOException {
        return named(() -> disk.lock(now(file)));
    }
}
