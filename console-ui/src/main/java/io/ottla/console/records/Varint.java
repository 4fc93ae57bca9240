package io.ottla.console.records;

import java.nio.ByteBuffer;

/** Numbers of seven bits a byte, the lowest first; all but the last byte have the eighth bit set. Pure. */
final class Varint {
    private Varint() {}

    /** @throws Malformed where the bytes end before it does, or it has more than 64 bits */
    static long read(ByteBuffer from) throws Malformed {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (!from.hasRemaining()) {
                throw new Malformed("cut short");
            }
            int octet = from.get();
            value |= (long) (octet & 0x7f) << shift;
            if (octet >= 0) {
                return value;
            }
        }
        throw new Malformed("a number without end");
    }

    static void write(long value, ByteBuffer to) {
        long left = value;
        while ((left & ~0x7fL) != 0) {
            to.put((byte) (left | 0x80));
            left >>>= 7;
        }
        to.put((byte) left);
    }
}
