package io.ottla.console.records;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads Avro's binary encoding (specification 1.12) into JSON. Not by the library's readers, which believe a length before
 * they have seen the bytes: this one allocates no more than there are, and makes at most {@link #MOST_NODES}. Bytes become
 * base64; dates, points in time and decimals what they stand for. One value each.
 */
final class AvroReader {
    private static final int MOST_NODES = 100_000;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final ByteBuffer from;
    private int nodes;

    private AvroReader(ByteBuffer from) {
        this.from = from.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** All bytes that are left in the buffer. */
    static JsonNode read(Schema schema, ByteBuffer from) throws Malformed {
        AvroReader reader = new AvroReader(from);
        JsonNode node = reader.value(schema, 0);
        if (reader.from.hasRemaining()) {
            throw new Malformed(reader.from.remaining() + " bytes too many");
        }
        return node;
    }

    private JsonNode value(Schema schema, int depth) throws Malformed {
        if (++nodes > MOST_NODES || depth > Json.DEPTH) {
            throw new Malformed("larger or deeper than is shown");
        }
        return switch (schema.getType()) {
            case NULL -> NODES.nullNode();
            case BOOLEAN -> NODES.booleanNode(octet() != 0);
            case INT -> integer(schema, zigzag());
            case LONG -> integer(schema, zigzag());
            case FLOAT -> {
                need(Float.BYTES);
                yield NODES.numberNode(from.getFloat());
            }
            case DOUBLE -> {
                need(Double.BYTES);
                yield NODES.numberNode(from.getDouble());
            }
            case STRING -> NODES.stringNode(text());
            case BYTES -> binary(schema, bytes(length()));
            case FIXED -> binary(schema, bytes(schema.getFixedSize()));
            case ENUM -> {
                long symbol = zigzag();
                if (symbol < 0 || symbol >= schema.getEnumSymbols().size()) {
                    throw new Malformed("symbol " + symbol + " of " + schema.getName());
                }
                yield NODES.stringNode(schema.getEnumSymbols().get((int) symbol));
            }
            case UNION -> {
                long branch = zigzag();
                if (branch < 0 || branch >= schema.getTypes().size()) {
                    throw new Malformed("branch " + branch + " of a union");
                }
                yield value(schema.getTypes().get((int) branch), depth + 1);
            }
            case RECORD -> {
                ObjectNode node = NODES.objectNode();
                for (Schema.Field field : schema.getFields()) {
                    node.set(field.name(), value(field.schema(), depth + 1));
                }
                yield node;
            }
            case ARRAY -> {
                ArrayNode node = NODES.arrayNode();
                for (long left = block(); left > 0; left = block()) {
                    for (long i = 0; i < left; i++) {
                        node.add(value(schema.getElementType(), depth + 1));
                    }
                }
                yield node;
            }
            case MAP -> {
                ObjectNode node = NODES.objectNode();
                for (long left = block(); left > 0; left = block()) {
                    for (long i = 0; i < left; i++) {
                        node.set(text(), value(schema.getValueType(), depth + 1));
                    }
                }
                yield node;
            }
        };
    }

    private static JsonNode integer(Schema schema, long value) {
        LogicalType type = schema.getLogicalType();
        try {
            return switch (type == null ? "" : type.getName()) {
                case "date" -> NODES.stringNode(LocalDate.ofEpochDay(value).toString());
                case "timestamp-millis" ->
                    NODES.stringNode(Instant.ofEpochMilli(value).toString());
                case "timestamp-micros" ->
                    NODES.stringNode(
                            Instant.EPOCH.plus(value, ChronoUnit.MICROS).toString());
                case "timestamp-nanos" ->
                    NODES.stringNode(Instant.EPOCH.plus(value, ChronoUnit.NANOS).toString());
                default ->
                    schema.getType() == Schema.Type.INT ? NODES.numberNode((int) value) : NODES.numberNode(value);
            };
        } catch (DateTimeException | ArithmeticException beyond) {
            return NODES.numberNode(value);
        }
    }

    private static JsonNode binary(Schema schema, byte[] bytes) {
        if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal && bytes.length > 0 && bytes.length <= 64) {
            return NODES.numberNode(new BigDecimal(new BigInteger(bytes), decimal.getScale()));
        }
        return NODES.stringNode(Base64.getEncoder().encodeToString(bytes));
    }

    /** How many items follow before the next such number. */
    private long block() throws Malformed {
        long count = zigzag();
        if (count < 0) {
            zigzag(); // The size of the block in bytes, for those who skip it.
            count = -count;
        }
        if (count < 0 || count > MOST_NODES) {
            throw new Malformed("a block of " + count + " items");
        }
        return count;
    }

    private String text() throws Malformed {
        String text = PlainDecoder.utf8(bytes(length()));
        if (text == null) {
            throw new Malformed("a text that is not UTF-8");
        }
        return text;
    }

    private int length() throws Malformed {
        long length = zigzag();
        if (length < 0 || length > from.remaining()) {
            throw new Malformed("cut short");
        }
        return (int) length;
    }

    private byte[] bytes(int length) throws Malformed {
        need(length);
        byte[] bytes = new byte[length];
        from.get(bytes);
        return bytes;
    }

    private long zigzag() throws Malformed {
        long value = Varint.read(from);
        return (value >>> 1) ^ -(value & 1);
    }

    private int octet() throws Malformed {
        need(1);
        return Byte.toUnsignedInt(from.get());
    }

    private void need(int bytes) throws Malformed {
        if (from.remaining() < bytes) {
            throw new Malformed("cut short");
        }
    }
}
