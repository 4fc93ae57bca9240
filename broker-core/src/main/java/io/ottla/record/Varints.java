package io.ottla.record;

import java.nio.ByteBuffer;

/**
 * Zigzag varints as records have them: seven bits a byte, lowest first, the top bit says that more follow; the sign is
 * the lowest bit of the value. Source: KIP-98; Protocol Buffers' encoding.
 */
final class Varints {
    /** Bytes that an int takes at most. */
    static final int MAX_INT_BYTES = 5;

    /** Bytes that a long takes at most. */
    static final int MAX_LONG_BYTES = 10;

    private Varints() {}

    /** Reads one that is known to be well-formed. */
    static int read(ByteBuffer buffer, int index) {
        int value = 0;
        int at = index;
        for (int shift = 0; ; shift += 7) {
            byte b = buffer.get(at++);
            value |= (b & 0x7f) << shift;
            if (b >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
    }

    /** Bytes that the one at an index takes, which need not be the fewest possible. */
    static int encodedSize(ByteBuffer buffer, int index) {
        int at = index;
        while (buffer.get(at) < 0) {
            at++;
        }
        return at - index + 1;
    }

    /** Bytes that a value takes. */
    static int size(long value) {
        long raw = (value << 1) ^ (value >> 63);
        int bits = Long.SIZE - Long.numberOfLeadingZeros(raw | 1);
        return (bits + 6) / 7;
    }

    /** Writes one at the buffer's position. */
    static void write(ByteBuffer buffer, long value) {
        long raw = (value << 1) ^ (value >> 63);
        while ((raw & ~0x7fL) != 0) {
            buffer.put((byte) (raw | 0x80));
            raw >>>= 7;
        }
        buffer.put((byte) raw);
    }
}
