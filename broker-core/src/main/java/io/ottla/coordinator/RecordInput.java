package io.ottla.coordinator;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads what {@link RecordOutput} writes. Believes no length; whatever is wrong ends in an
 * {@link IllegalArgumentException} or a {@link java.nio.BufferUnderflowException}. Not thread-safe.
 */
public final class RecordInput {
    private final ByteBuffer source;

    /** @param source read from position to limit; not changed */
    public RecordInput(ByteBuffer source) {
        this.source = source.duplicate();
    }

    public int remaining() {
        return source.remaining();
    }

    public byte int8() {
        return source.get();
    }

    public short int16() {
        return source.getShort();
    }

    public int int32() {
        return source.getInt();
    }

    public long int64() {
        return source.getLong();
    }

    public int varint() {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            byte next = source.get();
            value |= (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("Expected a number of at most 5 bytes, but it has more");
    }

    /** Null where the record has none. */
    public String nullableString() {
        short length = source.getShort();
        return length < 0 ? null : text(length);
    }

    public String string() {
        return present(nullableString());
    }

    /** Null where the record has none. */
    public String nullableCompactString() {
        int length = varint() - 1;
        return length < 0 ? null : text(length);
    }

    public String compactString() {
        return present(nullableCompactString());
    }

    private static String present(String text) {
        if (text == null) {
            throw new IllegalArgumentException("Expected a text, but there is none");
        }
        return text;
    }

    private String text(int length) {
        return new String(raw(length), StandardCharsets.UTF_8);
    }

    public byte[] bytes() {
        return raw(source.getInt());
    }

    public byte[] compactBytes() {
        return raw(varint() - 1);
    }

    /** Elements of an array that follow, each of at least one byte. */
    public int count() {
        return checked(source.getInt());
    }

    /** As above; negative where there is no array at all. */
    public int countOrNull() {
        int count = source.getInt();
        return count < 0 ? -1 : checked(count);
    }

    /** As {@link #count}, in flexible schemas. */
    public int compactCount() {
        return checked(varint() - 1);
    }

    /** As above; negative where there is no array at all. */
    public int compactCountOrNull() {
        int count = varint() - 1;
        return count < 0 ? -1 : checked(count);
    }

    private int checked(int length) {
        if (length < 0 || length > source.remaining()) {
            throw new IllegalArgumentException(
                    "Expected a length of 0 to " + source.remaining() + ", but it is " + length);
        }
        return length;
    }

    public byte[] raw(int length) {
        byte[] bytes = new byte[checked(length)];
        source.get(bytes);
        return bytes;
    }

    /** Calls back with the number of each tagged field, which must be read by it, or is passed over. */
    public void tags(TaggedField reader) {
        int fields = varint();
        for (int i = 0; i < fields; i++) {
            int tag = varint();
            int size = checked(varint());
            RecordInput field = new RecordInput(source.slice(source.position(), size));
            source.position(source.position() + size);
            reader.read(tag, field);
        }
    }

    /** Passes over all tagged fields. */
    public void skipTags() {
        tags((tag, field) -> {});
    }

    /** Reads one tagged field. */
    @FunctionalInterface
    public interface TaggedField {
        void read(int tag, RecordInput field);
    }
}
