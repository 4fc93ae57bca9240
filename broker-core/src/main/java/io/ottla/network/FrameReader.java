package io.ottla.network;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/**
 * Finds frames in the bytes of a connection without copying them: a frame is an int32 of length and as many bytes.
 *
 * <p>Bytes are received into a buffer that holds several small frames, each of which is then seen in place. A frame
 * that is larger than such a buffer gets one of its own, of just its size, once the {@link MemoryBudget} grants it, and
 * what is still to come of it is received right there; only what had arrived before is copied. Where a TLS handler
 * stands in between, its output is copied into that buffer instead.
 *
 * <p>Belongs to the connection's event loop. Owns its buffers until {@link #close}.
 */
final class FrameReader {
    /** What there is to read. */
    enum State {
        /** {@link #buffer}, {@link #start} and {@link #length} tell where. */
        FRAME,
        /** The next frame is not complete. */
        INCOMPLETE,
        /** The next frame is large and waits for the budget. */
        NO_MEMORY,
        /** The length in front is negative or above the limit; {@link #length} tells it. */
        BAD_LENGTH
    }

    static final int LENGTH_BYTES = 4;
    /** A frame up to this, length included, shares its buffer with others. */
    static final int SHARED_BUFFER_BYTES = 64 << 10;

    private static final int SMALLEST_BUFFER_BYTES = 2 << 10;
    private static final int READS_IN_A_ROW = 4;

    private final ByteBufAllocator buffers;
    private final MemoryBudget budget;
    private final MemoryBudget.Claimant claimant;
    private ByteBuf shared;
    private ByteBuf own;
    private int ownLength;
    private boolean claimed;
    private long granted;
    private int guess = SMALLEST_BUFFER_BYTES;
    private boolean roomy;
    /** The channel receives into one of these buffers, not into a new one. */
    private boolean lent;

    private ByteBuf buffer;
    private int start;
    private int length;

    /** @param budget null where there is no bound but the frame's */
    FrameReader(ByteBufAllocator buffers, MemoryBudget budget, MemoryBudget.Claimant claimant) {
        this.buffers = buffers;
        this.budget = budget;
        this.claimant = claimant;
    }

    /** Takes over what was received. */
    void received(ByteBuf bytes) {
        if (lent) {
            // Received in place; the channel's hold on it ends.
            lent = false;
            bytes.release();
            return;
        }
        if (own != null && own.isWritable()) {
            own.writeBytes(bytes, Math.min(bytes.readableBytes(), own.writableBytes()));
        }
        if (!bytes.isReadable()) {
            bytes.release();
        } else if (shared == null) {
            shared = bytes;
        } else {
            makeRoom(bytes.readableBytes());
            shared.writeBytes(bytes);
            bytes.release();
        }
    }

    /**
     * Looks for the next frame.
     *
     * @param maxLength of a frame, without its length
     */
    State next(int maxLength) {
        if (own != null) {
            if (own.isWritable()) {
                return State.INCOMPLETE;
            }
            return at(own, 0, ownLength);
        }
        if (claimed) {
            return State.NO_MEMORY;
        }
        if (shared == null || shared.readableBytes() < LENGTH_BYTES) {
            return State.INCOMPLETE;
        }
        int from = shared.readerIndex();
        int wanted = shared.getInt(from);
        if (wanted < 0 || wanted > maxLength) {
            length = wanted;
            return State.BAD_LENGTH;
        }
        if (shared.readableBytes() - LENGTH_BYTES >= wanted) {
            return at(shared, from + LENGTH_BYTES, wanted);
        }
        if (wanted + LENGTH_BYTES <= SHARED_BUFFER_BYTES) {
            return State.INCOMPLETE;
        }
        ownLength = wanted;
        if (budget != null && granted == 0 && !budget.reserve(claimant, wanted)) {
            claimed = true;
            return State.NO_MEMORY;
        }
        if (budget != null) {
            granted = wanted;
        }
        return beginOwn(wanted);
    }

    private State beginOwn(int wanted) {
        own = buffers.directBuffer(wanted, wanted);
        shared.skipBytes(LENGTH_BYTES);
        own.writeBytes(shared, Math.min(shared.readableBytes(), wanted));
        dropSharedIfEmpty();
        return own.isWritable() ? State.INCOMPLETE : at(own, 0, wanted);
    }

    /** The budget has granted what was asked for. */
    void granted() {
        claimed = false;
        granted = ownLength;
    }

    private State at(ByteBuf in, int from, int bytes) {
        buffer = in;
        start = from;
        length = bytes;
        return State.FRAME;
    }

    ByteBuf buffer() {
        return buffer;
    }

    int start() {
        return start;
    }

    int length() {
        return length;
    }

    /** Leaves the frame behind. Returns the bytes of the budget that it holds: the caller gives them back. */
    long consume() {
        buffer = null;
        if (own != null) {
            own.release();
            own = null;
            long held = granted;
            granted = 0;
            return held;
        }
        shared.skipBytes(LENGTH_BYTES + length);
        dropSharedIfEmpty();
        return 0;
    }

    /** Whether part of a frame is here and the rest is not. */
    boolean holdsReservedMemory() {
        return own != null && granted > 0;
    }

    /** How much of the frame that holds reserved memory is here. */
    int ownBytes() {
        return own == null ? 0 : own.writerIndex();
    }

    /** Whether it waits for the budget. */
    boolean waitsForMemory() {
        return claimed;
    }

    void close() {
        if (claimed && budget.withdraw(claimant)) {
            claimed = false;
        }
        if (own != null) {
            own.release();
            own = null;
        }
        if (shared != null) {
            shared.release();
            shared = null;
        }
        if (granted > 0) {
            budget.release(granted);
            granted = 0;
        }
    }

    private void dropSharedIfEmpty() {
        if (!shared.isReadable()) {
            shared.release();
            shared = null;
        }
    }

    private void makeRoom(int bytes) {
        if (shared.writableBytes() >= bytes && shared.refCnt() == 1) {
            return;
        }
        ByteBuf larger = buffers.directBuffer(shared.readableBytes() + bytes);
        larger.writeBytes(shared);
        shared.release();
        shared = larger;
    }

    /** Where the channel puts what it receives next. */
    private ByteBuf target() {
        if (own != null && own.isWritable()) {
            lent = true;
            return own.retain();
        }
        if (shared == null) {
            lent = false;
            return buffers.directBuffer(guess, guess);
        }
        int missing = SMALLEST_BUFFER_BYTES;
        if (shared.readableBytes() >= LENGTH_BYTES) {
            int wanted = shared.getInt(shared.readerIndex()) + LENGTH_BYTES - shared.readableBytes();
            missing = Math.max(missing, Math.min(wanted, SHARED_BUFFER_BYTES));
        }
        makeRoom(missing);
        lent = true;
        return shared.retain();
    }

    private void learn(int attempted, int read) {
        if (read == attempted) {
            guess = Math.min(SHARED_BUFFER_BYTES, guess << 2);
            roomy = false;
        } else if (read > 0 && read < guess >> 3 && guess > SMALLEST_BUFFER_BYTES) {
            // Shrinks at the second small read in a row.
            if (roomy) {
                guess >>= 1;
            }
            roomy = !roomy;
        } else {
            roomy = false;
        }
    }

    /** Makes the channel receive into this reader's buffers. */
    RecvByteBufAllocator receiver() {
        return new Receiver();
    }

    private final class Receiver extends DefaultMaxMessagesRecvByteBufAllocator {
        Receiver() {
            super(READS_IN_A_ROW);
        }

        @Override
        public ExtendedHandle newHandle() {
            return new MaxMessageHandle() {
                @Override
                public ByteBuf allocate(ByteBufAllocator ignored) {
                    return target();
                }

                @Override
                public int guess() {
                    return guess;
                }

                @Override
                public void lastBytesRead(int bytes) {
                    if (bytes > 0) {
                        learn(attemptedBytesRead(), bytes);
                    }
                    super.lastBytesRead(bytes);
                }
            };
        }
    }
}
