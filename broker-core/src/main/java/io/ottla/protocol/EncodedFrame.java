package io.ottla.protocol;

import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * A frame to send, its length field included: bytes, and gaps that deferred records fill. Its receiver owns every part
 * and either sends the parts in order or calls {@link #release}.
 *
 * @param parts at least one; the first is {@link Part.Bytes}
 * @param sizeInBytes of all parts
 */
public record EncodedFrame(List<Part> parts, int sizeInBytes) {
    /** A piece of a frame. */
    public sealed interface Part {
        /** Bytes in memory. */
        record Bytes(ByteBuf content) implements Part {}

        /** Bytes that lie in files. */
        record Deferred(DeferredRecords records) implements Part {}
    }

    /** The whole frame where it is one piece of memory, else null. */
    public ByteBuf asSingleBuffer() {
        return parts.size() == 1 && parts.get(0) instanceof Part.Bytes bytes ? bytes.content() : null;
    }

    /** Gives back what will not be sent. */
    public void release() {
        for (Part part : parts) {
            switch (part) {
                case Part.Bytes bytes -> bytes.content().release();
                case Part.Deferred deferred -> deferred.records().release();
            }
        }
    }
}
