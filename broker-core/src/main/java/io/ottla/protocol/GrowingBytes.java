package io.ottla.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Writable;

/** Bytes on the heap, written before anybody knows how many they will be. */
public final class GrowingBytes {
    private static final int FIRST_BYTES = 256;

    private GrowingBytes() {}

    /**
     * What somebody writes.
     *
     * @throws IllegalArgumentException where that is more than {@code most} bytes
     */
    public static ByteBuffer of(int most, Consumer<Writable> body) {
        ByteBuf buffer = Unpooled.buffer(Math.min(FIRST_BYTES, most), most);
        try {
            body.accept(new FrameWriter(buffer, Integer.MAX_VALUE));
        } catch (IndexOutOfBoundsException full) {
            throw new IllegalArgumentException("Expected at most " + most + " bytes, but there are more", full);
        }
        return buffer.nioBuffer();
    }
}
