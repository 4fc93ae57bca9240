package io.ottla.storage;

import java.io.IOException;
import java.util.function.Supplier;

/**
 * A segment's file as the page cache sees it: opened when it is first {@link #load}ed from or {@link #watch}ed, because
 * opening blocks; until then nothing counts as resident. Thread-safe; closed when no reader holds the segment any more.
 */
final class SegmentPages {
    private final Supplier<CachedFile> opening;
    private volatile CachedFile file;

    /** @param opening opens the segment's file; blocks */
    SegmentPages(Supplier<CachedFile> opening) {
        this.opening = opening;
    }

    /** Whether {@link #isResident} can be true. */
    boolean isWatched() {
        return file != null;
    }

    /** Whether the range is surely enough in memory to be sent on an event loop. Doesn't block. */
    boolean isResident(long from, long bytes) {
        CachedFile open = file;
        return open != null && open.isResident(from, bytes);
    }

    /** Makes it known what is resident. Blocks at the first call. */
    void watch() {
        if (file == null) {
            open();
        }
    }

    /** Brings the range into memory; false where it must be read another way. Blocks. */
    boolean load(long from, long bytes, long ahead) {
        CachedFile open = file;
        return (open == null ? open() : open).load(from, bytes, ahead);
    }

    private synchronized CachedFile open() {
        if (file == null) {
            file = opening.get();
        }
        return file;
    }

    synchronized void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
