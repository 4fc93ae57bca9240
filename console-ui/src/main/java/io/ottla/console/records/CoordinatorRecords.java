package io.ottla.console.records;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.Uuid;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads what coordinators keep in {@code __consumer_offsets} and {@code __transaction_state}, by the facts in
 * {@code coordinators.txt}.
 *
 * <pre>
 *   key    int16 type, then its fields, never compact
 *   value  int16 version, then its fields; in flexible versions with compact lengths, and tags after each structure
 * </pre>
 *
 * Reads no further than the bytes go and allocates no more than they can fill. Immutable.
 */
final class CoordinatorRecords {
    static final CoordinatorRecords OFFSETS = new CoordinatorRecords("__consumer_offsets");
    static final CoordinatorRecords TRANSACTIONS = new CoordinatorRecords("__transaction_state");

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** A kind of record; {@code flexible} is beyond every version where no version is. */
    private record Kind(
            String name, List<CoordinatorField> key, int newest, int flexible, List<CoordinatorField> value) {}

    private final Map<Integer, Kind> kinds = new HashMap<>();

    private CoordinatorRecords(String topic) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(
                        CoordinatorRecords.class.getResourceAsStream("/io/ottla/console/records/coordinators.txt")),
                StandardCharsets.UTF_8))) {
            lines.lines()
                    .filter(line -> line.startsWith(topic))
                    .map(line -> line.split(" \\| "))
                    .forEach(part -> kinds.put(
                            Integer.parseInt(part[1]),
                            new Kind(
                                    part[2],
                                    CoordinatorField.parse(part[3]),
                                    Integer.parseInt(part[4]),
                                    part[5].equals("-") ? Integer.MAX_VALUE : Integer.parseInt(part[5]),
                                    CoordinatorField.parse(part[6]))));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    JsonNode key(byte[] key) throws Malformed {
        ByteBuffer from = ByteBuffer.wrap(key);
        int type = int16(from);
        Kind kind = kind(type);
        ObjectNode node = NODES.objectNode();
        node.put("recordType", kind.name());
        node.setAll(structure(kind.key(), 0, false, from));
        return whole(node, from);
    }

    /** @param key of the same record: it says what the value is */
    JsonNode value(byte[] key, byte[] value) throws Malformed {
        Kind kind = kind(key == null ? -1 : int16(ByteBuffer.wrap(key)));
        ByteBuffer from = ByteBuffer.wrap(value);
        int version = int16(from);
        if (version < 0 || version > kind.newest()) {
            throw new Malformed("version " + version + " of " + kind.name());
        }
        ObjectNode node = NODES.objectNode();
        node.put("recordVersion", version);
        node.setAll(structure(kind.value(), version, version >= kind.flexible(), from));
        return whole(node, from);
    }

    private Kind kind(int type) throws Malformed {
        Kind kind = kinds.get(type);
        if (kind == null) {
            throw new Malformed("type " + type);
        }
        return kind;
    }

    private static int int16(ByteBuffer from) throws Malformed {
        need(from, Short.BYTES);
        return from.getShort();
    }

    private static JsonNode whole(JsonNode node, ByteBuffer from) throws Malformed {
        if (from.hasRemaining()) {
            throw new Malformed(from.remaining() + " bytes too many");
        }
        return node;
    }

    private static ObjectNode structure(List<CoordinatorField> fields, int version, boolean flexible, ByteBuffer from)
            throws Malformed {
        ObjectNode node = NODES.objectNode();
        for (CoordinatorField field : fields) {
            if (field.tag() < 0 && version >= field.since() && version <= field.until()) {
                node.set(field.name(), value(field, version, flexible, from));
            }
        }
        if (flexible) {
            int tags = length(from);
            for (int i = 0; i < tags; i++) {
                int tag = length(from);
                ByteBuffer tagged = slice(from, length(from));
                CoordinatorField known = fields.stream()
                        .filter(field -> field.tag() == tag)
                        .findFirst()
                        .orElse(null);
                if (known != null) {
                    node.set(known.name(), value(known, version, true, tagged));
                }
            }
        }
        return node;
    }

    private static JsonNode value(CoordinatorField field, int version, boolean flexible, ByteBuffer from)
            throws Malformed {
        if (field.list()) {
            int count = flexible ? length(from) - 1 : int32(from);
            if (count < 0) {
                return NODES.nullNode();
            }
            // Each takes a byte at least.
            need(from, count);
            List<JsonNode> items = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                items.add(single(field, version, flexible, from));
            }
            ArrayNode list = NODES.arrayNode(count);
            return list.addAll(items);
        }
        if (field.isStructure() && field.nullable()) {
            need(from, 1);
            if (from.get() < 0) {
                return NODES.nullNode();
            }
        }
        return single(field, version, flexible, from);
    }

    private static JsonNode single(CoordinatorField field, int version, boolean flexible, ByteBuffer from)
            throws Malformed {
        if (field.isStructure()) {
            return structure(field.fields(), version, flexible, from);
        }
        return switch (field.type()) {
            case "int8" -> {
                need(from, 1);
                yield NODES.numberNode(from.get());
            }
            case "int16" -> NODES.numberNode((short) int16(from));
            case "uint16" -> NODES.numberNode(int16(from) & 0xffff);
            case "int32" -> NODES.numberNode(int32(from));
            case "int64" -> {
                need(from, Long.BYTES);
                yield NODES.numberNode(from.getLong());
            }
            case "uuid" -> {
                need(from, 2 * Long.BYTES);
                yield NODES.stringNode(new Uuid(from.getLong(), from.getLong()).toString());
            }
            case "string" -> text(field, bytes(from, flexible ? length(from) - 1 : int16(from)));
            case "bytes" -> {
                byte[] bytes = bytes(from, flexible ? length(from) - 1 : int32(from));
                yield bytes == null ? NODES.nullNode() : NODES.binaryNode(bytes);
            }
            default -> throw new IllegalStateException("Expected a type that is known, but got " + field.type());
        };
    }

    private static JsonNode text(CoordinatorField field, byte[] bytes) throws Malformed {
        if (bytes == null) {
            return NODES.nullNode();
        }
        String text = PlainDecoder.utf8(bytes);
        if (text == null) {
            throw new Malformed(field.name() + " is not UTF-8");
        }
        return NODES.stringNode(text);
    }

    private static byte[] bytes(ByteBuffer from, int length) throws Malformed {
        if (length < 0) {
            return null;
        }
        need(from, length);
        byte[] bytes = new byte[length];
        from.get(bytes);
        return bytes;
    }

    private static ByteBuffer slice(ByteBuffer from, int length) throws Malformed {
        need(from, length);
        ByteBuffer slice = from.slice(from.position(), length);
        from.position(from.position() + length);
        return slice;
    }

    private static int int32(ByteBuffer from) throws Malformed {
        need(from, Integer.BYTES);
        return from.getInt();
    }

    private static int length(ByteBuffer from) throws Malformed {
        long length = Varint.read(from);
        if (length < 0 || length > Integer.MAX_VALUE) {
            throw new Malformed("a length of " + Long.toUnsignedString(length));
        }
        return (int) length;
    }

    private static void need(ByteBuffer from, int bytes) throws Malformed {
        if (from.remaining() < bytes) {
            throw new Malformed("cut short");
        }
    }
}
