package io.ottla.storage;

import java.io.Closeable;
import java.io.IOException;

/**
 * A file as the system's page cache sees it: says what is in memory, and brings in what is not, without a copy. The port
 * through which event loops learn that sending a range will not wait for a disk. Thread-safe; closed once, when nobody
 * uses it any more.
 */
public interface CachedFile extends Closeable {
    /** Where the system can't tell. */
    CachedFile UNKNOWN = new CachedFile() {
        @Override
        public boolean isResident(long from, long bytes) {
            return false;
        }

        @Override
        public boolean load(long from, long bytes, long ahead) {
            return false;
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    };

    /**
     * Whether the range is in the page cache, as far as samples of it tell. Never waits for a disk.
     *
     * @return false also where that is not known
     */
    boolean isResident(long from, long bytes);

    /**
     * Brings the range into the page cache. Blocks.
     *
     * @param ahead bytes after the range that will be asked for next: their reading is begun too, without waiting for it
     * @return false where it can't: the range must be read another way
     */
    boolean load(long from, long bytes, long ahead);

    @Override
    void close() throws IOException;
}
