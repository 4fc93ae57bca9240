package io.ottla.console.lag;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Whole numbers in as few bytes as they need: seven bits a byte, the lowest first, the eighth says that more follow. Signed ones are zigzagged, so that small ones below zero are short too. */
final class Varints {
    /** The longest one. */
    static final int MAX_BYTES = 10;

    private static final int BITS = 7;
    private static final int MORE = 0x80;
    private static final int LONGEST_SHIFT = 63;

    private Varints() {}

    static void writeSigned(long value, ByteArrayOutputStream out) {
        write(value << 1 ^ value >> LONGEST_SHIFT, out);
    }

    static void write(long value, ByteArrayOutputStream out) {
        long rest = value;
        while ((rest & -MORE) != 0) {
            out.write((int) (rest & MORE - 1 | MORE));
            rest >>>= BITS;
        }
        out.write((int) rest);
    }

    static void writeSigned(long value, ByteBuffer out) {
        long rest = value << 1 ^ value >> LONGEST_SHIFT;
        while ((rest & -MORE) != 0) {
            out.put((byte) (rest & MORE - 1 | MORE));
            rest >>>= BITS;
        }
        out.put((byte) rest);
    }

    static long readSigned(ByteBuffer in) {
        long zigzag = read(in);
        return zigzag >>> 1 ^ -(zigzag & 1);
    }

    /** @throws IllegalArgumentException where it is longer than any number */
    static long read(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift <= LONGEST_SHIFT; shift += BITS) {
            byte next = in.get();
            value |= (long) (next & MORE - 1) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("Expected a number of at most " + MAX_BYTES + " bytes");
    }

    /** @throws IllegalArgumentException where it is no count */
    static int readCount(ByteBuffer in) {
        long count = read(in);
        if (count < 0 || count > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("Expected a count, but got " + count);
        }
        return (int) count;
    }
}
