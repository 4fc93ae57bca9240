package io.ottla.console.records;

import io.ottla.console.words.Wording;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import tools.jackson.databind.JsonNode;

/** Reads bytes that need nothing but themselves: text, JSON, numbers. What is something else becomes hexadecimal, with a note. Pure. */
final class PlainDecoder {
    private static final int UUID_BYTES = 16;

    private PlainDecoder() {}

    /** @param format none of those that need a schema */
    static Decoded decode(Format format, byte[] bytes) {
        return switch (format) {
            case AUTO -> guess(bytes);
            case TEXT -> {
                String text = utf8(bytes);
                yield text == null ? hexInsteadOf(format, bytes) : Decoded.of(format, text);
            }
            case JSON -> {
                Decoded json = json(bytes);
                yield json == null ? hexInsteadOf(format, bytes) : json;
            }
            case HEX -> Decoded.of(format, hex(bytes));
            case BASE64 -> Decoded.of(format, Base64.getEncoder().encodeToString(bytes));
            case INT16 ->
                bytes.length == Short.BYTES
                        ? Decoded.of(
                                format, Short.toString(ByteBuffer.wrap(bytes).getShort()))
                        : hexInsteadOf(format, bytes);
            case INT32 ->
                bytes.length == Integer.BYTES
                        ? Decoded.of(
                                format, Integer.toString(ByteBuffer.wrap(bytes).getInt()))
                        : hexInsteadOf(format, bytes);
            case INT64 ->
                bytes.length == Long.BYTES
                        ? Decoded.of(
                                format, Long.toString(ByteBuffer.wrap(bytes).getLong()))
                        : hexInsteadOf(format, bytes);
            case DOUBLE ->
                bytes.length == Double.BYTES
                        ? Decoded.of(
                                format, Double.toString(ByteBuffer.wrap(bytes).getDouble()))
                        : hexInsteadOf(format, bytes);
            case UUID -> uuid(bytes);
            case REGISTRY, OFFSETS, TRANSACTIONS ->
                throw new IllegalArgumentException("Expected a format without schemas, but got " + format);
        };
    }

    /** Objects and lists of JSON, text without control characters, numbers by their length, else hexadecimal. */
    private static Decoded guess(byte[] bytes) {
        String text = utf8(bytes);
        if (text != null && isReadable(text)) {
            Decoded json = looksLikeJson(text) ? json(text) : null;
            return json == null ? Decoded.of(Format.TEXT, text) : json;
        }
        return switch (bytes.length) {
            case Integer.BYTES -> decode(Format.INT32, bytes);
            case Long.BYTES -> decode(Format.INT64, bytes);
            default -> Decoded.of(Format.HEX, hex(bytes));
        };
    }

    static Decoded hexInsteadOf(Format wanted, byte[] bytes) {
        return Decoded.of(Format.HEX, hex(bytes))
                .with(Wording.of("records.note.instead", Wording.of("records.format." + wanted.key()), bytes.length));
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** Null where it is not UTF-8. */
    static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException other) {
            return null;
        }
    }

    static boolean isReadable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) && c != '\t' && c != '\n' && c != '\r') {
                return false;
            }
        }
        return true;
    }

    private static boolean looksLikeJson(String text) {
        String start = text.substring(0, Math.min(text.length(), 100)).stripLeading();
        return start.startsWith("{") || start.startsWith("[");
    }

    private static Decoded json(byte[] bytes) {
        String text = utf8(bytes);
        return text == null ? null : json(text);
    }

    private static Decoded json(String text) {
        JsonNode json = Json.parse(text);
        return json == null ? null : new Decoded(Format.JSON, text, json, null);
    }

    /** As 16 bytes, or as the text of one. */
    private static Decoded uuid(byte[] bytes) {
        if (bytes.length == UUID_BYTES) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            return Decoded.of(Format.UUID, new java.util.UUID(buffer.getLong(), buffer.getLong()).toString());
        }
        String text = utf8(bytes);
        try {
            return text == null || text.length() != 36
                    ? hexInsteadOf(Format.UUID, bytes)
                    : Decoded.of(Format.UUID, java.util.UUID.fromString(text).toString());
        } catch (IllegalArgumentException none) {
            return hexInsteadOf(Format.UUID, bytes);
        }
    }
}
