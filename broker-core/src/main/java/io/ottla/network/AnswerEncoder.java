package io.ottla.network;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.ottla.api.Exchange;
import io.ottla.storage.StoredRecords;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.protocol.Writable;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * Encodes answers: an int32 of length, an int32 of correlation id, an empty set of tagged fields from header version 1
 * on, and the message. Records that lie in files are left out and noted with their place.
 *
 * <p>Belongs to one connection's event loop.
 */
final class AnswerEncoder implements Writable {
    /** Records that belong before the byte at that index of the encoded answer. */
    record Gap(int at, StoredRecords records) {}

    private ByteBuf target;
    private List<Gap> gaps;

    /**
     * Encodes an answer, into the output where all of it is in memory.
     *
     * @return null where it was written; else the answer with its gaps, to be streamed
     */
    AnswerStream encode(Exchange exchange, ApiMessage answer, FrameOutput output, ByteBufAllocator buffers) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        MessageSizeAccumulator size = new MessageSizeAccumulator();
        answer.addSize(size, cache, exchange.version());
        int header = exchange.responseHeaderVersion() >= 1 ? 5 : 4;
        int length = header + size.totalSize();
        int inline = FrameReader.LENGTH_BYTES + header + size.sizeExcludingZeroCopy();
        if (size.totalSize() == size.sizeExcludingZeroCopy()) {
            write(exchange, answer, cache, length, output.room(inline));
            return null;
        }
        gaps = new ArrayList<>();
        ByteBuf bytes = buffers.directBuffer(inline);
        boolean written = false;
        try {
            write(exchange, answer, cache, length, bytes);
            written = true;
        } finally {
            if (!written) {
                bytes.release();
            }
        }
        List<Gap> found = gaps;
        gaps = null;
        return new AnswerStream(bytes, found);
    }

    private void write(Exchange exchange, ApiMessage answer, ObjectSerializationCache cache, int length, ByteBuf into) {
        target = into;
        int from = into.writerIndex();
        boolean written = false;
        try {
            into.writeInt(length);
            into.writeInt(exchange.correlationId());
            if (exchange.responseHeaderVersion() >= 1) {
                into.writeByte(0);
            }
            answer.write(this, cache, exchange.version());
            written = true;
        } finally {
            target = null;
            if (!written) {
                into.writerIndex(from);
            }
        }
    }

    @Override
    public void writeByte(byte value) {
        target.writeByte(value);
    }

    @Override
    public void writeShort(short value) {
        target.writeShort(value);
    }

    @Override
    public void writeInt(int value) {
        target.writeInt(value);
    }

    @Override
    public void writeLong(long value) {
        target.writeLong(value);
    }

    @Override
    public void writeDouble(double value) {
        target.writeDouble(value);
    }

    @Override
    public void writeByteArray(byte[] value) {
        target.writeBytes(value);
    }

    @Override
    public void writeUnsignedVarint(int value) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            target.writeByte((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        target.writeByte(rest);
    }

    @Override
    public void writeByteBuffer(ByteBuffer value) {
        target.writeBytes(value.duplicate());
    }

    @Override
    public void writeVarint(int value) {
        writeUnsignedVarint((value << 1) ^ (value >> 31));
    }

    @Override
    public void writeVarlong(long value) {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7fL) != 0) {
            target.writeByte((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        target.writeByte((int) rest);
    }

    @Override
    public void writeRecords(BaseRecords records) {
        if (records instanceof StoredRecords stored) {
            if (stored.sizeInBytes() > 0) {
                gaps.add(new Gap(target.writerIndex(), stored));
            }
        } else if (records instanceof MemoryRecords memory) {
            target.writeBytes(memory.buffer().duplicate());
        } else {
            throw new IllegalArgumentException("Expected records in memory or in a log's files, but got "
                    + records.getClass().getName());
        }
    }
}
