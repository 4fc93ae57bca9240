package io.ottla.coordinator;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the fields of a record's key or value as Kafka's message schemas lay them out: big-endian; strings, bytes and
 * arrays with their length before them, as int16 or int32 in older schemas, in flexible ones as an unsigned varint of
 * the length and 1 (KIP-482). Grows as needed; not thread-safe.
 */
public final class RecordOutput {
    private byte[] bytes;
    private int size;

    /** @param expected bytes that will probably do */
    public RecordOutput(int expected) {
        bytes = new byte[Math.max(16, expected)];
    }

    public RecordOutput int8(int value) {
        ensure(1);
        bytes[size++] = (byte) value;
        return this;
    }

    public RecordOutput int16(int value) {
        return int8(value >> 8).int8(value);
    }

    public RecordOutput int32(int value) {
        return int16(value >> 16).int16(value);
    }

    public RecordOutput int64(long value) {
        return int32((int) (value >> 32)).int32((int) value);
    }

    public RecordOutput varint(int unsigned) {
        int rest = unsigned;
        while ((rest & ~0x7F) != 0) {
            int8(rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        return int8(rest);
    }

    /**
     * @param text null where the schema allows it
     * @throws IllegalArgumentException where it is longer than 32767 bytes
     */
    public RecordOutput string(String text) {
        if (text == null) {
            return int16(-1);
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > Short.MAX_VALUE) {
            throw new IllegalArgumentException("Expected a text of at most 32767 bytes, but it has " + utf8.length);
        }
        return int16(utf8.length).raw(utf8);
    }

    /** @param text null where the schema allows it */
    public RecordOutput compactString(String text) {
        if (text == null) {
            return varint(0);
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return varint(utf8.length + 1).raw(utf8);
    }

    public RecordOutput bytes(byte[] value) {
        return int32(value.length).raw(value);
    }

    public RecordOutput compactBytes(byte[] value) {
        return varint(value.length + 1).raw(value);
    }

    public RecordOutput raw(byte[] value) {
        ensure(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
        return this;
    }

    private void ensure(int more) {
        if (more > bytes.length - size) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
        }
    }

    /** What was written; the output is done then. */
    public ByteBuffer done() {
        return ByteBuffer.wrap(bytes, 0, size);
    }
}
