package io.ottla.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The file that a log's next segment will be: made ahead in the background, so that a roll is one rename. Where none is
 * ready, the file is made at the roll. Thread-safe.
 */
final class SpareFile {
    private final LogState log;
    private final Path path;
    private final AtomicReference<FileChannel> ready = new AtomicReference<>();
    private final AtomicBoolean wanted = new AtomicBoolean();

    SpareFile(LogState log) {
        this.log = log;
        this.path = log.path.resolve(SegmentFiles.SPARE);
    }

    /** Has it made, where it is not yet. Cheap. */
    void prepare() {
        if (!wanted.get() && wanted.compareAndSet(false, true)) {
            log.folder.background().execute(this::make);
        }
    }

    private void make() {
        if (!log.isUsable()) {
            return;
        }
        try {
            nameFirst();
            FileChannel channel = Segments.file(log, path);
            if (!ready.compareAndSet(null, channel)) {
                channel.close();
            }
            if (log.closed) {
                drop();
            }
        } catch (IOException e) {
            log.failed("Preparing a segment", e);
        }
    }

    /** The open, empty file of a new segment under its own name. */
    FileChannel take(Path as) throws IOException {
        nameFirst();
        FileChannel channel = ready.getAndSet(null);
        if (channel == null) {
            return Segments.file(log, as);
        }
        log.disk.move(path, as);
        wanted.set(false);
        return channel;
    }

    /** Else a power failure could leave the second segment without the first, as if retention had deleted that. */
    private void nameFirst() throws IOException {
        if (!log.firstIsNamed) {
            log.disk.syncFolder(log.path);
            log.firstIsNamed = true;
        }
    }

    /** Clears it away: the log is closed. */
    void drop() throws IOException {
        FileChannel channel = ready.getAndSet(null);
        if (channel != null) {
            channel.close();
            log.disk.delete(path);
        }
    }
}
