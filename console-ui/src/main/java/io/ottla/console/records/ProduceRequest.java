package io.ottla.console.records;

import io.ottla.console.words.Wording;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import tools.jackson.databind.JsonNode;

/**
 * A record as the REST Admin API v3 takes it: key and value with {@code type} ({@code BINARY} in base64, {@code JSON},
 * {@code STRING}) and {@code data}, values of headers in base64.
 *
 * @param keyType empty for none
 */
record ProduceRequest(NewRecord record, String keyType, String valueType) {
    /** @throws Unreadable naming the field */
    static ProduceRequest of(JsonNode given) {
        if (!given.isObject()) {
            throw new Unreadable("body", Wording.of("records.bad.object"));
        }
        return new ProduceRequest(
                new NewRecord(
                        NewRecord.partition(given.get("partition_id"), "partition_id"),
                        timestamp(given.get("timestamp")),
                        data(given.path("key"), "key"),
                        data(given.path("value"), "value"),
                        headers(given.path("headers"))),
                given.path("key").path("type").asString(""),
                given.path("value").path("type").asString(""));
    }

    private static Long timestamp(JsonNode given) {
        if (given == null || given.isNull()) {
            return null;
        }
        try {
            long millis = given.isIntegralNumber() && given.canConvertToLong()
                    ? given.longValue()
                    : OffsetDateTime.parse(given.asString("")).toInstant().toEpochMilli();
            if (millis >= 0) {
                return millis;
            }
        } catch (DateTimeException unreadable) {
            throw NewRecord.bad("timestamp", given);
        }
        throw NewRecord.bad("timestamp", given);
    }

    private static byte[] data(JsonNode given, String field) {
        if (given.isMissingNode() || given.isNull()) {
            return null;
        }
        String type = given.path("type").asString("");
        JsonNode data = given.get("data");
        if (data == null) {
            throw Unreadable.inBody(field + ".data", Wording.of("records.bad.missing", field + ".data"));
        }
        return switch (type) {
            case "BINARY" -> data.isNull() ? null : base64(field + ".data", text(field, data));
            case "STRING" -> data.isNull() ? null : text(field, data).getBytes(StandardCharsets.UTF_8);
            case "JSON" -> Json.compact(data).getBytes(StandardCharsets.UTF_8);
            default ->
                throw Unreadable.inBody(
                        field + ".type", Wording.of("records.bad.type", field + ".type", Unreadable.shortened(type)));
        };
    }

    private static String text(String field, JsonNode data) {
        if (!data.isString()) {
            throw NewRecord.bad(field + ".data", data);
        }
        return data.stringValue();
    }

    private static byte[] base64(String field, String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException other) {
            throw Unreadable.inBody(field, Wording.of("records.bad.bytes", field, "base64"));
        }
    }

    private static List<Header> headers(JsonNode given) {
        if (!given.isMissingNode() && !given.isNull() && !given.isArray()) {
            throw NewRecord.bad("headers", given);
        }
        List<Header> headers = new ArrayList<>();
        for (JsonNode each : given) {
            JsonNode value = each.get("value");
            if (!each.path("name").isString()) {
                throw Unreadable.inBody("headers.name", Wording.of("records.bad.missing", "headers.name"));
            }
            headers.add(new RecordHeader(
                    each.path("name").stringValue(),
                    value == null || value.isNull()
                            ? null
                            : base64("headers.value", value.isString() ? value.stringValue() : "!")));
        }
        return NewRecord.bounded(headers);
    }
}
