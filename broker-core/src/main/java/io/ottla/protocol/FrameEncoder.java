package io.ottla.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/**
 * Turns messages into frames: length, header, body, in one pooled buffer of exactly their size, and around what is not
 * copied (see {@link FrameWriter}).
 *
 * <pre>
 *   length         int32   bytes after this field
 *   header                 an answer's: correlation id int32; from version 1 on tagged fields, none
 *   body
 * </pre>
 *
 * <p>Immutable; any thread.
 */
public final class FrameEncoder {
    private static final int LENGTH_BYTES = 4;

    /** Bytes of records and byte fields that are copied into the frame rather than sent as parts. */
    static final int MAX_COPIED_BYTES = 64 << 10;

    private final ByteBufAllocator allocator;

    public FrameEncoder(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /**
     * An answer. Where all of it is copied anyway it goes where the caller gathers answers, so that many are one write.
     * Else it becomes a frame of its own, and the deferred records in it that frame's; they stay the message's where this
     * throws.
     *
     * @param headerVersion 0 or 1, see {@link RequestHeader#responseHeaderVersion}
     * @param room gives a buffer with room for so many bytes, to be written to at once and not kept
     * @return null where the answer is in that buffer; else owned by the caller
     */
    public EncodedFrame response(
            int correlationId, short headerVersion, Message body, short version, IntFunction<ByteBuf> room) {
        int headerSize = headerVersion >= 1 ? 5 : 4;
        ObjectSerializationCache cache = new ObjectSerializationCache();
        MessageSizeAccumulator size = size(body, cache, version);
        boolean apart = size.totalSize() > size.sizeExcludingZeroCopy();
        int bytes = LENGTH_BYTES + headerSize + size.totalSize();
        FrameWriter writer = apart ? begin(headerSize, size) : new FrameWriter(room.apply(bytes), 0);
        int from = writer.position();
        writer.writeInt(bytes - LENGTH_BYTES);
        writer.writeInt(correlationId);
        if (headerVersion >= 1) {
            writer.writeUnsignedVarint(0);
        }
        try {
            body.write(writer, cache, version);
        } catch (RuntimeException e) {
            if (apart) {
                writer.abandon();
            } else {
                writer.rewind(from);
            }
            throw e;
        }
        return apart ? writer.finish(bytes) : null;
    }

    /**
     * A request to another broker.
     *
     * @param headerVersion 0, 1 or 2
     * @param clientId null for none
     * @return owned by the caller
     */
    public EncodedFrame request(
            short apiKey, short version, int correlationId, short headerVersion, String clientId, Message body) {
        byte[] client = clientId == null ? null : clientId.getBytes(StandardCharsets.UTF_8);
        int headerSize = 8;
        headerSize += headerVersion >= 1 ? 2 + (client == null ? 0 : client.length) : 0;
        headerSize += headerVersion >= 2 ? 1 : 0;
        ObjectSerializationCache cache = new ObjectSerializationCache();
        MessageSizeAccumulator size = size(body, cache, version);
        FrameWriter writer = begin(headerSize, size);
        int bytes = LENGTH_BYTES + headerSize + size.totalSize();
        writer.writeInt(bytes - LENGTH_BYTES);
        writer.writeShort(apiKey);
        writer.writeShort(version);
        writer.writeInt(correlationId);
        if (headerVersion >= 1) {
            writer.writeShort((short) (client == null ? -1 : client.length));
            if (client != null) {
                writer.writeByteArray(client);
            }
        }
        if (headerVersion >= 2) {
            writer.writeUnsignedVarint(0);
        }
        try {
            body.write(writer, cache, version);
        } catch (RuntimeException e) {
            writer.abandon();
            throw e;
        }
        return writer.finish(bytes);
    }

    private static MessageSizeAccumulator size(Message body, ObjectSerializationCache cache, short version) {
        MessageSizeAccumulator size = new MessageSizeAccumulator();
        body.addSize(size, cache, version);
        return size;
    }

    private FrameWriter begin(int headerSize, MessageSizeAccumulator size) {
        int uncopied = size.totalSize() - size.sizeExcludingZeroCopy();
        int spare = Math.min(uncopied, MAX_COPIED_BYTES);
        int capacity = LENGTH_BYTES + headerSize + size.sizeExcludingZeroCopy() + spare;
        return new FrameWriter(allocator.directBuffer(capacity, capacity), spare);
    }
}
