package io.ottla.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Writable;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * Writes a message into one buffer. What need not be copied is left out and becomes a part of its own: deferred records,
 * and byte fields and records in memory that are too large for the room that the buffer has to spare. Those in memory
 * must stay as they are until the frame is sent.
 *
 * <p>Used by {@link FrameEncoder} for one frame. Not thread-safe.
 */
final class FrameWriter implements Writable {
    private final ByteBuf buffer;
    private int spare;
    private List<EncodedFrame.Part> parts;
    private int cutAt;

    /**
     * @param buffer with room for everything that is always copied, and for {@code spare} bytes more
     * @param spare bytes of byte fields and records that may be copied too
     */
    FrameWriter(ByteBuf buffer, int spare) {
        this.buffer = buffer;
        this.spare = spare;
        cutAt = buffer.readerIndex();
    }

    /** Where the next byte goes. */
    int position() {
        return buffer.writerIndex();
    }

    /** Takes back what was written from there on, in a buffer that is not this one's. */
    void rewind(int position) {
        buffer.writerIndex(position);
    }

    /** The frame so far; takes the buffer over. */
    EncodedFrame finish(int sizeInBytes) {
        if (parts == null) {
            return new EncodedFrame(List.of(new EncodedFrame.Part.Bytes(buffer)), sizeInBytes);
        }
        cut();
        buffer.release();
        return new EncodedFrame(parts, sizeInBytes);
    }

    /** Gives back all memory where writing failed; the deferred records stay the message's. */
    void abandon() {
        if (parts != null) {
            for (EncodedFrame.Part part : parts) {
                if (part instanceof EncodedFrame.Part.Bytes bytes) {
                    bytes.content().release();
                }
            }
        }
        buffer.release();
    }

    @Override
    public void writeByte(byte value) {
        buffer.writeByte(value);
    }

    @Override
    public void writeShort(short value) {
        buffer.writeShort(value);
    }

    @Override
    public void writeInt(int value) {
        buffer.writeInt(value);
    }

    @Override
    public void writeLong(long value) {
        buffer.writeLong(value);
    }

    @Override
    public void writeDouble(double value) {
        buffer.writeDouble(value);
    }

    @Override
    public void writeUuid(Uuid value) {
        buffer.writeLong(value.getMostSignificantBits());
        buffer.writeLong(value.getLeastSignificantBits());
    }

    @Override
    public void writeByteArray(byte[] bytes) {
        buffer.writeBytes(bytes);
    }

    @Override
    public void writeUnsignedVarint(int value) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            buffer.writeByte(rest | 0x80);
            rest >>>= 7;
        }
        buffer.writeByte(rest);
    }

    @Override
    public void writeVarint(int value) {
        writeUnsignedVarint((value << 1) ^ (value >> 31));
    }

    @Override
    public void writeVarlong(long value) {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7fL) != 0) {
            buffer.writeByte((int) rest | 0x80);
            rest >>>= 7;
        }
        buffer.writeByte((int) rest);
    }

    @Override
    public void writeByteBuffer(ByteBuffer bytes) {
        int size = bytes.remaining();
        if (size <= spare) {
            spare -= size;
            buffer.writeBytes(bytes.duplicate());
        } else {
            cut();
            parts.add(new EncodedFrame.Part.Bytes(Unpooled.wrappedBuffer(bytes)));
        }
    }

    @Override
    public void writeRecords(BaseRecords records) {
        switch (records) {
            case MemoryRecords inMemory -> writeByteBuffer(inMemory.buffer());
            case DeferredRecords deferred -> writeDeferred(deferred);
            default ->
                throw new IllegalArgumentException("Expected records in memory or deferred ones, but got "
                        + records.getClass().getName());
        }
    }

    private void writeDeferred(DeferredRecords records) {
        int size = records.sizeInBytes();
        if (size == 0 || size <= spare && records.isInline()) {
            spare -= size;
            int at = buffer.writerIndex();
            records.copyTo(buffer.internalNioBuffer(at, size));
            buffer.writerIndex(at + size);
            records.release();
        } else {
            cut();
            parts.add(new EncodedFrame.Part.Deferred(records));
        }
    }

    /** Makes what was written since the last cut a part. */
    private void cut() {
        if (parts == null) {
            parts = new ArrayList<>();
        }
        int size = buffer.writerIndex() - cutAt;
        if (size > 0) {
            parts.add(new EncodedFrame.Part.Bytes(buffer.retainedSlice(cutAt, size)));
            cutAt += size;
        }
    }
}
