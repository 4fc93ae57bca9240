package io.ottla.console.records;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A record for programs: a line of a file, an item of an answer.
 *
 * @param timestamp milliseconds since 1970, -1 where there is none
 * @param key its structure where it has one, else its text; null for none
 * @param keyFormat how it was read; null for none
 * @param keySize in bytes, -1 for none
 * @param masked whether a rule hid anything of it
 */
record RecordData(
        int partition,
        long offset,
        long timestamp,
        JsonNode key,
        @JsonProperty("key_format") String keyFormat,
        @JsonProperty("key_size") int keySize,
        JsonNode value,
        @JsonProperty("value_format") String valueFormat,
        @JsonProperty("value_size") int valueSize,
        List<Header> headers,
        boolean masked) {
    /** A header; hexadecimal where its value is no text. */
    record Header(String name, String value) {}

    static RecordData of(RecordView record) {
        return new RecordData(
                record.partition(),
                record.offset(),
                record.timestamp(),
                data(record.key()),
                format(record.key()),
                record.keyBytes(),
                data(record.value()),
                format(record.value()),
                record.valueBytes(),
                record.headers().stream()
                        .map(header -> new Header(header.name(), header.value()))
                        .toList(),
                record.masked());
    }

    private static JsonNode data(Decoded part) {
        if (part == null) {
            return JsonNodeFactory.instance.nullNode();
        }
        return part.json() == null ? JsonNodeFactory.instance.stringNode(part.text()) : part.json();
    }

    private static String format(Decoded part) {
        return part == null ? null : part.format().key();
    }
}
