package io.ottla.storage;

import java.nio.file.Path;

/**
 * What the system's page cache can be asked and told about open files, by descriptor: the port through which tests have
 * systems that can't do all of it. Thread-safe.
 */
interface PageCache {
    /** Bytes of one of its pages. */
    int pageBytes();

    /** A descriptor to read from; negative where the file can't be opened. Blocks. */
    int open(Path file);

    void close(int descriptor);

    /** Whether the file's system can say at all what is in memory. */
    boolean canLook(int descriptor);

    /** Whether the byte at this place is in memory. Doesn't wait for it. */
    boolean isResident(int descriptor, long at);

    /**
     * How many pages of the range are in memory, those that are still being read included; negative where the system
     * can't count them. Doesn't wait.
     */
    long residentPages(int descriptor, long from, long bytes);

    /** Begins to read the range, as much at once as the disk can. */
    void advise(int descriptor, long from, long bytes);

    /** Waits until the range is in memory; false where the file can't be sent. */
    boolean await(int descriptor, long from, long bytes);
}
