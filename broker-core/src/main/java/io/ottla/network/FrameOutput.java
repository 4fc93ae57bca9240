package io.ottla.network;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;

/**
 * Gathers what goes to the socket, so that the answers of a whole burst are one write: bytes are appended to an open
 * buffer, which is handed to the channel when it is full, when a file's range follows, and at {@link #flush}.
 *
 * <p>Belongs to the connection's event loop.
 */
final class FrameOutput {
    private static final int SMALLEST_BUFFER_BYTES = 1 << 10;
    private static final int USUAL_BUFFER_BYTES = 16 << 10;

    private final ChannelHandlerContext context;
    private ByteBuf open;
    private boolean unflushed;
    private int burstBytes = SMALLEST_BUFFER_BYTES;

    FrameOutput(ChannelHandlerContext context) {
        this.context = context;
    }

    /** A buffer with room for so many bytes, to be written to at once and not kept. */
    ByteBuf room(int bytes) {
        if (open != null && open.writableBytes() < bytes) {
            burstBytes = Math.min(USUAL_BUFFER_BYTES, burstBytes << 1);
            closeBuffer();
        }
        if (open == null) {
            int size = Math.max(burstBytes, bytes);
            open = context.alloc().directBuffer(size, size);
        }
        unflushed = true;
        return open;
    }

    /** Takes over bytes. Where there is room for them they are copied, so that they are one write with those before. */
    void add(ByteBuf bytes) {
        if (open != null && open.writableBytes() >= bytes.readableBytes()) {
            open.writeBytes(bytes);
            bytes.release();
        } else {
            closeBuffer();
            unflushed = true;
            context.write(bytes, context.voidPromise());
        }
    }

    /** Takes over a range of a file. */
    void send(FileRegion region) {
        closeBuffer();
        unflushed = true;
        context.write(region, context.voidPromise());
    }

    private void closeBuffer() {
        if (open != null) {
            ByteBuf full = open;
            open = null;
            context.write(full, context.voidPromise());
        }
    }

    /** Whether anything waits for {@link #flush}. */
    boolean isUnflushed() {
        return unflushed;
    }

    void flush() {
        if (unflushed) {
            unflushed = false;
            closeBuffer();
            context.flush();
        }
    }

    /** Flushes, and tells when all that was written until now has reached the socket, or that it never will. */
    ChannelPromise flushTelling() {
        closeBuffer();
        unflushed = false;
        ChannelPromise promise = context.newPromise();
        context.writeAndFlush(context.alloc().buffer(0, 0), promise);
        return promise;
    }

    void discard() {
        if (open != null) {
            open.release();
            open = null;
        }
        unflushed = false;
    }
}
