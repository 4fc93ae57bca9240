package io.ottla.chaos.workload;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/**
 * A record's value: the number in a history, and padding.
 *
 * <pre>
 *   0  number   int64
 *   8  padding  bytes that don't compress, drawn from the number
 * </pre>
 */
final class Payload {
    /** Which nobody sends. */
    static final long NONE = -1;

    private Payload() {}

    static byte[] of(long value, int padding) {
        byte[] bytes = new byte[padding];
        new Random(value).nextBytes(bytes);
        return ByteBuffer.allocate(Long.BYTES + padding)
                .putLong(value)
                .put(bytes)
                .array();
    }

    /** The number, or {@link #NONE} where the padding is not that number's. */
    static long value(byte[] payload) {
        long value = ByteBuffer.wrap(payload).getLong();
        return Arrays.equals(payload, of(value, payload.length - Long.BYTES)) ? value : NONE;
    }
}
