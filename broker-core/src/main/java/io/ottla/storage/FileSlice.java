package io.ottla.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * A range of a segment's file that is to be sent. Holds the segment: its file is not closed before the last slice of
 * it is released. Made by the log, turned into sendfile or bytes by the network.
 */
public interface FileSlice {
    /** The open file; for {@code transferTo} only. */
    FileChannel channel();

    /** Where the range begins in the file. */
    long position();

    /** Bytes in the range, more than 0. */
    int length();

    /** Whether it was appended so lately that it is surely in the page cache: may be read or sent on an event loop. */
    boolean isHot();

    /**
     * Whether a part of the range is in the page cache, so that it may be read or sent on an event loop. Asks the system
     * where the part is not {@linkplain #isHot hot}; doesn't block.
     *
     * @param from counts from the range's beginning
     * @return false also where that is not known
     */
    default boolean isResident(int from, int bytes) {
        return isHot();
    }

    /**
     * Brings a part of the range into the page cache without copying it, and begins to do so with some of what follows.
     * Blocks.
     *
     * @param from counts from the range's beginning
     * @return false where it can't: the part must be read another way
     */
    default boolean load(int from, int bytes) {
        return false;
    }

    /** Reads the range, or its beginning where the buffer is smaller. Blocks on a cold range. */
    void readInto(ByteBuffer target) throws IOException;

    /** Gives the segment back. Exactly once; thread-safe. */
    void release();
}
