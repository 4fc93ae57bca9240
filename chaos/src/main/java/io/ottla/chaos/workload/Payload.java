package io.ottla.chaos.workload;

import java.nio.ByteBuffer;

/**
 * A record's value: the number in a history, and padding.
 *
 * <pre>
 *   0  number   int64
 *   8  padding  zeros
 * </pre>
 */
final class Payload {
    private Payload() {}

    static byte[] of(long value, int padding) {
        return ByteBuffer.allocate(Long.BYTES + padding).putLong(value).array();
    }

    static long value(byte[] payload) {
        return ByteBuffer.wrap(payload).getLong();
    }
}
