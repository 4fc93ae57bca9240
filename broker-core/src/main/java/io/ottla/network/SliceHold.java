package io.ottla.network;

import io.netty.channel.DefaultFileRegion;
import io.ottla.storage.FileSlice;

/**
 * One slice of a log file on its way out, in one or more ranges. Gives the slice back when the last of them has been
 * sent or dropped. Belongs to the connection's event loop.
 */
final class SliceHold {
    private final FileSlice slice;
    private int taken;
    private int open;
    private boolean released;

    SliceHold(FileSlice slice) {
        this.slice = slice;
    }

    FileSlice slice() {
        return slice;
    }

    /** Bytes that are not on their way yet. */
    int remaining() {
        return slice.length() - taken;
    }

    /** How many bytes are on their way or sent. */
    int taken() {
        return taken;
    }

    /** A range of the next bytes, for sendfile. */
    DefaultFileRegion region(int bytes) {
        open++;
        long from = slice.position() + taken;
        taken += bytes;
        return new Range(this, from, bytes);
    }

    /** Counts bytes that were copied, and so need the file no more. */
    void copied(int bytes) {
        taken += bytes;
        releaseIfDone();
    }

    /** What is not on its way will not be sent. */
    void abandon() {
        taken = slice.length();
        releaseIfDone();
    }

    private void rangeDone() {
        open--;
        releaseIfDone();
    }

    private void releaseIfDone() {
        if (open == 0 && remaining() == 0 && !released) {
            released = true;
            slice.release();
        }
    }

    /** A range of an open file that stays open: what ends with it is the hold on the slice, not the file. */
    private static final class Range extends DefaultFileRegion {
        private final SliceHold hold;

        Range(SliceHold hold, long from, long bytes) {
            super(hold.slice.channel(), from, bytes);
            this.hold = hold;
        }

        @Override
        protected void deallocate() {
            hold.rangeDone();
        }
    }
}
