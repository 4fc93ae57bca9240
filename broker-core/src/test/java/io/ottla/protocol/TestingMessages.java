package io.ottla.protocol;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.CompactArrayOf;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.NullableSchema;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.protocol.types.Type;

/**
 * Writes messages by kafka-clients' schemas, not by its message classes: every field of a version, filled at random or
 * as small as it can be, and with one length that lies where asked for.
 */
final class TestingMessages {
    /** An API in one of its stable versions. */
    record Version(ApiKeys key, short version) {
        Schema request() {
            return key.messageType.requestSchemas()[version];
        }

        Schema response() {
            return key.messageType.responseSchemas()[version];
        }

        @Override
        public String toString() {
            return key + "-v" + version;
        }
    }

    /** Stops the writing behind the length that lies. */
    private static final class Cut extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Cut() {
            super(null, null, false, false);
        }
    }

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);
    private final Random random;
    private final boolean minimal;
    private final int lyingLength;
    private final long lie;
    private int lengths;
    private boolean emptyArrays;
    private Random unknownTags;
    private Consumer<Type> onArray = type -> {};

    /**
     * @param random null to write everything as small as it can be
     * @param lyingLength which length, counted from 0, is replaced by the lie; -1: none
     */
    private TestingMessages(Random random, int lyingLength, long lie) {
        this.random = random;
        minimal = random == null;
        this.lyingLength = lyingLength;
        this.lie = lie;
    }

    static Stream<Version> all() {
        return Stream.of(ApiKeys.values())
                .filter(ApiKeys::hasValidVersion)
                .flatMap(key -> IntStream.rangeClosed(key.oldestVersion(), key.latestVersion())
                        .filter(version -> Requests.knows(Api.of(key), (short) version))
                        .mapToObj(version -> new Version(key, (short) version)));
    }

    /**
     * A whole message with random content.
     *
     * @param unknownTags where to put tagged fields that no version knows; null for nowhere. The rest stays the same
     */
    static byte[] random(Schema schema, Random random, Random unknownTags) {
        TestingMessages writer = new TestingMessages(random, -1, 0);
        writer.unknownTags = unknownTags;
        writer.write(schema);
        return writer.bytes.toByteArray();
    }

    /** How many lengths and counts a message has, tagged fields' included, where no array has more than an element. */
    static int lengths(Schema schema) {
        TestingMessages writer = new TestingMessages(null, -1, 0);
        writer.write(schema);
        return writer.lengths;
    }

    /** The beginning of a message up to one length, which lies. */
    static byte[] lying(Schema schema, int lyingLength, long lie) {
        TestingMessages writer = new TestingMessages(null, lyingLength, lie);
        try {
            writer.write(schema);
        } catch (Cut expected) {
            return writer.bytes.toByteArray();
        }
        throw new IllegalArgumentException("Expected more than " + lyingLength + " lengths in " + schema);
    }

    /** A smallest element of an array where the length at this place is an array's, else null. */
    static byte[] smallestElement(Schema schema, int arrayLength) {
        TestingMessages finder = new TestingMessages(null, -1, 0);
        Type[] found = new Type[1];
        finder.onArray = type -> {
            if (finder.lengths - 1 == arrayLength) {
                found[0] = type;
                throw new Cut();
            }
        };
        try {
            finder.write(schema);
            return null;
        } catch (Cut expected) {
            TestingMessages writer = new TestingMessages(null, -1, 0);
            writer.emptyArrays = true;
            writer.write(found[0]);
            return writer.bytes.toByteArray();
        }
    }

    private void write(Type type) {
        try {
            writeType(type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writeType(Type type) throws IOException {
        if (type instanceof Schema schema) {
            writeStruct(schema);
        } else if (type instanceof TaggedFields fields) {
            writeTagged(fields);
        } else if (type.isArray()) {
            boolean compact = type instanceof CompactArrayOf;
            int count = minimal ? (emptyArrays ? 0 : 1) : random.nextInt(4);
            length(count, compact, 4);
            onArray.accept(type.arrayElementType().orElseThrow());
            for (int i = 0; i < count; i++) {
                write(type.arrayElementType().orElseThrow());
            }
        } else {
            writePrimitive((Type.DocumentedType) type);
        }
    }

    private void writePrimitive(Type.DocumentedType type) throws IOException {
        switch (type.typeName()) {
            case "BOOLEAN" -> out.writeByte(minimal ? 0 : random.nextInt(2));
            case "INT8" -> out.writeByte(number());
            case "INT16", "UINT16" -> out.writeShort(number());
            case "INT32", "UINT32" -> out.writeInt(number());
            case "INT64" -> out.writeLong(minimal ? 0 : random.nextLong());
            case "FLOAT64" -> out.writeDouble(minimal ? 0 : random.nextDouble());
            case "UUID" -> {
                out.writeLong(minimal ? 0 : random.nextLong());
                out.writeLong(minimal ? 0 : random.nextLong());
            }
            case "VARINT", "VARLONG" -> unsigned(minimal ? 0 : random.nextInt(1 << 20));
            default -> writeContent(type.typeName());
        }
    }

    private void writeStruct(Schema schema) throws IOException {
        if (schema instanceof NullableSchema) {
            boolean present = minimal || random.nextBoolean();
            out.writeByte(present ? 1 : -1);
            if (!present) {
                return;
            }
        }
        for (BoundField field : schema.fields()) {
            write(field.def.type);
        }
    }

    private void writeTagged(TaggedFields fields) throws IOException {
        Map<Integer, Field> chosen = new TreeMap<>();
        fields.fields().forEach((tag, field) -> {
            if (!minimal && random.nextBoolean()) {
                chosen.put(tag, field);
            }
        });
        int unknown = unknownTags == null ? 0 : unknownTags.nextInt(3);
        length(chosen.size() + unknown - 1L, true, 0);
        for (Map.Entry<Integer, Field> entry : chosen.entrySet()) {
            byte[] content = random(new Schema(new Field("f", entry.getValue().type)), random, unknownTags);
            unsigned(entry.getKey());
            unsigned(content.length);
            out.write(content);
        }
        for (int i = 0; i < unknown; i++) {
            unsigned(10_000 + i);
            unsigned(i);
            out.write(new byte[i]);
        }
    }

    /** Strings, bytes and records: a length and content. */
    private void writeContent(String name) throws IOException {
        boolean nullable = name.contains("NULLABLE");
        boolean string = name.contains("STRING");
        if (nullable && !minimal && random.nextInt(4) == 0) {
            length(-1, name.contains("COMPACT"), string ? 2 : 4);
            return;
        }
        byte[] content = new byte[minimal ? 0 : random.nextInt(30)];
        if (string && !minimal) {
            content = ("grüße-" + random.nextInt(100_000)).getBytes(StandardCharsets.UTF_8);
        }
        length(content.length, name.contains("COMPACT"), string ? 2 : 4);
        out.write(content);
    }

    private int number() {
        return minimal ? 0 : random.nextInt();
    }

    private void length(long honest, boolean compact, int width) throws IOException {
        boolean lies = lengths++ == lyingLength;
        long value = lies ? lie : honest;
        if (compact) {
            unsigned(value + 1);
        } else if (width == 2) {
            out.writeShort((int) Math.min(value, Short.MAX_VALUE));
        } else {
            out.writeInt((int) value);
        }
        if (lies) {
            throw new Cut();
        }
    }

    private void unsigned(long value) throws IOException {
        long rest = value & 0xffff_ffffL;
        while ((rest & ~0x7fL) != 0) {
            out.writeByte((int) rest | 0x80);
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }
}
