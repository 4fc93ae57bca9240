package io.ottla.storage;

import java.io.IOException;

/** Looks through one segment for a batch that is not as it was written, step by step. Blocks; used by one thread at a time. */
final class SegmentCheck {
    private final BatchScanner scanner;
    private final int bytes;
    private final long nextBase;
    private long nextOffset;
    private boolean isDamaged;

    /**
     * @param bytes that it is known to have
     * @param scanner from its begin to there, or to a later end
     * @param nextBase base offset of the next segment; {@link Long#MAX_VALUE} where there is none
     */
    SegmentCheck(LogSegment segment, int bytes, BatchScanner scanner, long nextBase) {
        this.scanner = scanner;
        this.bytes = bytes;
        this.nextBase = nextBase;
        this.nextOffset = segment.baseOffset();
    }

    /**
     * Goes on by about so many bytes.
     *
     * @return whether there is more to look at
     */
    boolean step(int aboutBytes) throws IOException {
        long upTo = (long) scanner.nextPosition() + aboutBytes;
        while (scanner.nextPosition() < upTo) {
            if (!scanner.next()) {
                isDamaged = scanner.position() < bytes;
                return false;
            }
            long last = scanner.lastOffset();
            if (last < nextOffset || last >= nextBase || !scanner.isIntact()) {
                isDamaged = true;
                return false;
            }
            nextOffset = last + 1;
        }
        return true;
    }

    /** Whether it has come upon something else than a batch as it was written, or one that does not fit behind the one before. */
    boolean isDamaged() {
        return isDamaged;
    }

    /** Where in the file the damage is, where there is any. */
    int position() {
        return scanner.position();
    }

    /** Up to where in the file it has looked. */
    int nextPosition() {
        return scanner.nextPosition();
    }

    /** After the last good batch. */
    long nextOffset() {
        return nextOffset;
    }
}
