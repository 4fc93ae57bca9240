package io.ottla.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Readable;
import org.apache.kafka.common.protocol.Writable;

/**
 * The parts of flexible messages (KIP-482), for messages that are written by hand. Lengths and counts are raised by one
 * on the wire, so that 0 is null. What is read is compared with what is left before anything is made for it.
 */
public final class Compact {
    private Compact() {}

    /** @param text null for none */
    public static void writeString(Writable to, String text) {
        if (text == null) {
            to.writeUnsignedVarint(0);
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        to.writeUnsignedVarint(bytes.length + 1);
        to.writeByteArray(bytes);
    }

    /** Null where there is none. */
    public static String readNullableString(Readable from) {
        int length = from.readUnsignedVarint() - 1;
        return length < 0 ? null : from.readString(length);
    }

    public static String readString(Readable from) {
        String text = readNullableString(from);
        if (text == null) {
            throw new MalformedFrame("Expected a string, but got null");
        }
        return text;
    }

    public static void writeStrings(Writable to, List<String> texts) {
        writeCount(to, texts.size());
        texts.forEach(text -> writeString(to, text));
    }

    public static List<String> readStrings(Readable from) {
        int count = readCount(from);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(readString(from));
        }
        return List.copyOf(texts);
    }

    /** @param bytes null for none; they must stay as they are until the frame is sent */
    public static void writeBytes(Writable to, ByteBuffer bytes) {
        if (bytes == null) {
            to.writeUnsignedVarint(0);
        } else {
            to.writeUnsignedVarint(bytes.remaining() + 1);
            to.writeByteBuffer(bytes);
        }
    }

    /** A window on the frame; null where there is none. */
    public static ByteBuffer readNullableBytes(Readable from) {
        int length = from.readUnsignedVarint() - 1;
        return length < 0 ? null : from.readByteBuffer(length);
    }

    public static ByteBuffer readBytes(Readable from) {
        ByteBuffer bytes = readNullableBytes(from);
        if (bytes == null) {
            throw new MalformedFrame("Expected bytes, but got null");
        }
        return bytes;
    }

    /** Begins an array of so many elements. */
    public static void writeCount(Writable to, int elements) {
        to.writeUnsignedVarint(elements + 1);
    }

    /** How many elements follow: no more than there are bytes left. */
    public static int readCount(Readable from) {
        int count = from.readUnsignedVarint() - 1;
        int left = from.remaining();
        if (count < 0) {
            throw new MalformedFrame("Expected an array, but got null");
        }
        if (count > left) {
            throw new MalformedFrame("Expected " + count + " elements, but only " + left + " bytes are left");
        }
        return count;
    }

    public static void writeBoolean(Writable to, boolean value) {
        to.writeByte((byte) (value ? 1 : 0));
    }

    public static boolean readBoolean(Readable from) {
        return from.readByte() != 0;
    }

    /** Writes a part behind its length, so that whoever does not know it can step over it. */
    public static void writeSized(Writable to, Consumer<Writable> body) {
        SizeCounter size = new SizeCounter();
        body.accept(size);
        to.writeUnsignedVarint(size.copied() + size.uncopied());
        body.accept(to);
    }

    /** Says that there are no tagged fields. */
    public static void writeNoTags(Writable to) {
        to.writeUnsignedVarint(0);
    }

    /** Steps over tagged fields, all of them a later release's. */
    public static void skipTags(Readable from) {
        for (int left = from.readUnsignedVarint(); left > 0; left--) {
            int tag = from.readUnsignedVarint();
            from.readUnknownTaggedField(null, tag, from.readUnsignedVarint());
        }
    }
}
