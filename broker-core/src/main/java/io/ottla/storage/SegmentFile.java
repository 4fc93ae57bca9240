package io.ottla.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A segment's file of batches, and who holds it: opened when first needed, closed when the log has let go of it and the
 * last reader too. Thread-safe.
 */
final class SegmentFile {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentFile.class);

    private final Disk disk;
    private final Path path;
    private final Executor background;
    private final Closeable indexes;
    private final SegmentPages pages;
    private final AtomicInteger references = new AtomicInteger(1);
    private volatile FileChannel channel;

    /**
     * @param channel null where it is not open yet
     * @param background closes the file
     * @param indexes closed with it
     */
    SegmentFile(Disk disk, Path path, FileChannel channel, Executor background, Closeable indexes) {
        this.disk = disk;
        this.path = path;
        this.channel = channel;
        this.background = background;
        this.indexes = indexes;
        this.pages = new SegmentPages(() -> disk.cached(path));
    }

    /** As the page cache sees it. */
    SegmentPages pages() {
        return pages;
    }

    boolean isOpen() {
        return channel != null;
    }

    /** The open file. Blocks at the first call on one that was found on disk. */
    FileChannel channel() throws IOException {
        FileChannel open = channel;
        return open != null ? open : open();
    }

    private synchronized FileChannel open() throws IOException {
        if (channel == null) {
            channel = disk.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        }
        return channel;
    }

    /** Cuts what lies past the position. */
    void cutAt(int position) throws IOException {
        FileChannel file = channel();
        if (file.size() > position) {
            file.truncate(position);
        }
    }

    /** When it was changed last, in milliseconds since 1970. */
    long lastModifiedMs() throws IOException {
        return disk.lastModifiedMs(path);
    }

    /** Holds the file; false where the log has let go of it and it may be closed. */
    boolean acquire() {
        int now = references.get();
        while (now > 0) {
            if (references.compareAndSet(now, now + 1)) {
                return true;
            }
            now = references.get();
        }
        return false;
    }

    /** Gives it back; after the last one it is closed, in the background: that may free a deleted file. */
    void release() {
        if (references.decrementAndGet() == 0) {
            background.execute(this::close);
        }
    }

    private synchronized void close() {
        try {
            if (channel != null) {
                channel.close();
            }
            pages.close();
            indexes.close();
        } catch (IOException e) {
            LOG.warn("Could not close the files of {}", this, e);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
