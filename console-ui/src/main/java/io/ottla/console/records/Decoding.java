package io.ottla.console.records;

import io.ottla.console.words.Wording;
import java.nio.ByteBuffer;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Reads keys and values of one topic. Whatever they are, they become something that can be shown: what is not what it was
 * taken for becomes hexadecimal with a note.
 *
 * @param registry of the cluster, if it has one
 */
record Decoding(String topic, Optional<SchemaRegistry> registry) {
    private static final int SCHEMA_ID = 5;

    /** Null where there is none. */
    Decoded key(Format wanted, byte[] key) {
        return key == null ? null : decode(wanted, key, key, true);
    }

    /** Null where there is none. */
    Decoded value(Format wanted, byte[] key, byte[] value) {
        return value == null ? null : decode(wanted, key, value, false);
    }

    private Decoded decode(Format wanted, byte[] key, byte[] bytes, boolean isKey) {
        Format format = wanted == Format.AUTO ? guess(bytes) : wanted;
        return switch (format) {
            case OFFSETS -> ofCoordinator(CoordinatorRecords.OFFSETS, format, key, bytes, isKey);
            case TRANSACTIONS -> ofCoordinator(CoordinatorRecords.TRANSACTIONS, format, key, bytes, isKey);
            case REGISTRY -> {
                Decoded read = ofRegistry(bytes);
                // A guess that was wrong is no reason to show less than the bytes tell by themselves.
                yield wanted == Format.AUTO && read.format() == Format.HEX
                        ? PlainDecoder.decode(Format.AUTO, bytes).with(read.note())
                        : read;
            }
            default -> PlainDecoder.decode(format, bytes);
        };
    }

    private Format guess(byte[] bytes) {
        return switch (topic) {
            case "__consumer_offsets" -> Format.OFFSETS;
            case "__transaction_state" -> Format.TRANSACTIONS;
            default ->
                registry.isPresent() && bytes.length >= SCHEMA_ID && bytes[0] == 0 ? Format.REGISTRY : Format.AUTO;
        };
    }

    private static Decoded ofCoordinator(
            CoordinatorRecords records, Format format, byte[] key, byte[] bytes, boolean isKey) {
        try {
            return Decoded.of(format, isKey ? records.key(bytes) : records.value(key, bytes));
        } catch (Malformed malformed) {
            return PlainDecoder.hexInsteadOf(format, bytes)
                    .with(Wording.of("records.note.malformed", malformed.getMessage()));
        }
    }

    private Decoded ofRegistry(byte[] bytes) {
        if (registry.isEmpty()) {
            return PlainDecoder.hexInsteadOf(Format.REGISTRY, bytes).with(Wording.of("records.note.no-registry"));
        }
        if (bytes.length < SCHEMA_ID || bytes[0] != 0) {
            return PlainDecoder.hexInsteadOf(Format.REGISTRY, bytes);
        }
        ByteBuffer data = ByteBuffer.wrap(bytes, SCHEMA_ID, bytes.length - SCHEMA_ID);
        int id = ByteBuffer.wrap(bytes).getInt(1);
        String named = Integer.toUnsignedString(id);
        try {
            return switch (registry.get().byId(id)) {
                case RegisteredSchema.Avro avro ->
                    Decoded.of(Format.REGISTRY, AvroReader.read(avro.schema(), data))
                            .with(Wording.of("records.note.avro", named));
                case RegisteredSchema.Protobuf protobuf ->
                    Decoded.of(Format.REGISTRY, ProtobufReader.read(protobuf.file(), data))
                            .with(Wording.of("records.note.protobuf", named));
                case RegisteredSchema.OfJson json ->
                    Decoded.of(Format.REGISTRY, json(data)).with(Wording.of("records.note.json-schema", named));
                case RegisteredSchema.Unavailable none ->
                    PlainDecoder.hexInsteadOf(Format.REGISTRY, bytes)
                            .with(Wording.of("records.note.no-schema", named, none.why()));
            };
        } catch (Malformed malformed) {
            return PlainDecoder.hexInsteadOf(Format.REGISTRY, bytes)
                    .with(Wording.of("records.note.not-schema", named, malformed.getMessage()));
        }
    }

    private static JsonNode json(ByteBuffer data) throws Malformed {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        String text = PlainDecoder.utf8(bytes);
        JsonNode json = text == null ? null : Json.parse(text);
        if (json == null) {
            throw new Malformed("no JSON");
        }
        return json;
    }
}
