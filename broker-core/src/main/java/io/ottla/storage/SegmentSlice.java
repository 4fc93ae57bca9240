package io.ottla.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicBoolean;

/** A range of a segment that a reader holds. */
final class SegmentSlice implements FileSlice {
    private static final int READ_AHEAD_BYTES = 4 << 20;

    private final LogSegment segment;
    private final FileChannel channel;
    private final TailWindow tail;
    private final int position;
    private final int length;
    private final AtomicBoolean released = new AtomicBoolean();

    /** @param segment acquired for this slice */
    SegmentSlice(LogSegment segment, FileChannel channel, TailWindow tail, int position, int length) {
        this.segment = segment;
        this.channel = channel;
        this.tail = tail;
        this.position = position;
        this.length = length;
    }

    @Override
    public FileChannel channel() {
        return channel;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public boolean isHot() {
        return segment.inTail(position) >= tail.hotFromBytes();
    }

    @Override
    public boolean isResident(int from, int bytes) {
        return segment.inTail(position + from) >= tail.hotFromBytes()
                || segment.pages().isResident(position + from, bytes);
    }

    @Override
    public boolean load(int from, int bytes) {
        return segment.pages().load(position + from, bytes, Math.min(READ_AHEAD_BYTES, length - from - bytes));
    }

    @Override
    public void readInto(ByteBuffer target) throws IOException {
        int limit = target.limit();
        target.limit(Math.min(limit, target.position() + length));
        try {
            ChannelBytes.readFully(channel, target, position);
        } finally {
            target.limit(limit);
        }
    }

    @Override
    public void release() {
        if (!released.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    "Expected to be released once, but " + segment + " at " + position + " was released before");
        }
        segment.release();
    }
}
