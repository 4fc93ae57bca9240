package io.ottla.console.records;

import io.ottla.console.words.Wording;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import tools.jackson.databind.JsonNode;

/** A record that is to be written. Immutable, as long as nobody changes its bytes. */
final class NewRecord {
    static final int MOST_HEADERS = 100;

    private final Integer partition;
    private final Long timestamp;
    private final byte[] key;
    private final byte[] value;
    private final List<Header> headers;

    /**
     * @param partition null for the one that its key, or the producer, chooses
     * @param timestamp milliseconds since 1970; null for now
     * @param key null for none
     * @param value null for a tombstone
     */
    NewRecord(Integer partition, Long timestamp, byte[] key, byte[] value, List<Header> headers) {
        this.partition = partition;
        this.timestamp = timestamp;
        this.key = key;
        this.value = value;
        this.headers = List.copyOf(headers);
    }

    Integer partition() {
        return partition;
    }

    /** Bytes of its key, -1 for none. */
    int keySize() {
        return key == null ? -1 : key.length;
    }

    /** Bytes of its value, -1 for a tombstone. */
    int valueSize() {
        return value == null ? -1 : value.length;
    }

    ProducerRecord<byte[], byte[]> to(String topic) {
        return new ProducerRecord<>(topic, partition, timestamp, key, value, headers);
    }

    /**
     * Reads what {@link RecordData} writes. Texts are taken as they are, other JSON as its text; {@code key_format} and
     * {@code value_format} may say {@code hex} or {@code base64}. What else is there is not looked at.
     *
     * @throws Unreadable naming the field
     */
    static NewRecord of(JsonNode given) {
        if (!given.isObject()) {
            throw Unreadable.inBody("record", Wording.of("records.bad.object"));
        }
        return new NewRecord(
                partition(given.get("partition"), "partition"),
                timestamp(given.get("timestamp")),
                bytes(given, "key"),
                bytes(given, "value"),
                headers(given.path("headers")));
    }

    static Integer partition(JsonNode given, String field) {
        if (given == null || given.isNull()) {
            return null;
        }
        if (!given.isIntegralNumber() || !given.canConvertToInt() || given.intValue() < 0) {
            throw bad(field, given);
        }
        return given.intValue();
    }

    private static Long timestamp(JsonNode given) {
        if (given == null || given.isNull()) {
            return null;
        }
        if (!given.isIntegralNumber() || !given.canConvertToLong() || given.longValue() < 0) {
            throw bad("timestamp", given);
        }
        return given.longValue();
    }

    private static byte[] bytes(JsonNode given, String field) {
        JsonNode data = given.get(field);
        if (data == null || data.isNull()) {
            return null;
        }
        String text = data.isString() ? data.stringValue() : Json.compact(data);
        return bytes(field, given.path(field + "_format").asString("text"), text);
    }

    /**
     * @param as {@code hex} or {@code base64}, else a text
     * @throws Unreadable where it is none
     */
    static byte[] bytes(String field, String as, String text) {
        try {
            return switch (as) {
                case "hex" -> HexFormat.of().parseHex(text.replaceAll("\\s+", ""));
                case "base64" -> Base64.getDecoder().decode(text.strip());
                default -> text.getBytes(StandardCharsets.UTF_8);
            };
        } catch (IllegalArgumentException other) {
            throw Unreadable.inBody(field, Wording.of("records.bad.bytes", field, as));
        }
    }

    /** A list of {@code {"name": …, "value": …}}, or an object of names and values. */
    private static List<Header> headers(JsonNode given) {
        List<Header> headers = new ArrayList<>();
        if (given.isObject()) {
            given.properties().forEach(each -> headers.add(header(each.getKey(), each.getValue())));
        } else if (given.isArray()) {
            given.forEach(each -> headers.add(header(each.path("name").asString(null), each.get("value"))));
        } else if (!given.isMissingNode() && !given.isNull()) {
            throw bad("headers", given);
        }
        return bounded(headers);
    }

    static List<Header> bounded(List<Header> headers) {
        if (headers.size() > MOST_HEADERS) {
            throw Unreadable.inBody("headers", Wording.of("records.bad.headers", MOST_HEADERS));
        }
        return headers;
    }

    private static Header header(String name, JsonNode value) {
        if (name == null) {
            throw Unreadable.inBody("headers.name", Wording.of("records.bad.missing", "headers.name"));
        }
        if (value == null || value.isNull()) {
            return new RecordHeader(name, (byte[]) null);
        }
        String text = value.isString() ? value.stringValue() : Json.compact(value);
        return new RecordHeader(name, text.getBytes(StandardCharsets.UTF_8));
    }

    static Unreadable bad(String field, JsonNode given) {
        return Unreadable.inBody(
                field,
                Wording.of(
                        "records.bad.value",
                        field,
                        Unreadable.shortened(given.isString() ? given.stringValue() : Json.compact(given))));
    }
}
