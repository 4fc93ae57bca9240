package io.ottla.console.records;

import io.ottla.console.words.Wording;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import tools.jackson.databind.JsonNode;

/**
 * What somebody typed to write records, word for word, so that the form can be shown again with it.
 *
 * @param keyAs {@code none}, {@code text}, {@code base64} or {@code hex}; of the value {@code none} makes a tombstone
 * @param headers {@code name=value}, one a line
 * @param partition empty for the one that the key chooses
 * @param lines one record a line, as JSON, in the place of all others
 */
public record NewRecordForm(
        String key, String keyAs, String value, String valueAs, String headers, String partition, String lines) {
    static final int MOST_LINES = 1000;
    static final NewRecordForm EMPTY = new NewRecordForm("", "text", "", "text", "", "", "");

    private static final List<String> WAYS = List.of("none", "text", "base64", "hex");

    static NewRecordForm of(Map<String, String> given) {
        return new NewRecordForm(
                given.getOrDefault("key", ""),
                way(given.get("keyAs")),
                given.getOrDefault("value", ""),
                way(given.get("valueAs")),
                given.getOrDefault("headers", ""),
                given.getOrDefault("partition", ""),
                given.getOrDefault("lines", ""));
    }

    private static String way(String given) {
        return given != null && WAYS.contains(given) ? given : "text";
    }

    /** @throws Unreadable naming the field, or the line */
    List<NewRecord> records() {
        return lines.isBlank() ? List.of(one()) : many();
    }

    private NewRecord one() {
        // An empty field for a key is no key; an empty text can be written as base64.
        byte[] keyBytes = keyAs.equals("none") || key.isEmpty() && keyAs.equals("text")
                ? null
                : NewRecord.bytes("key", keyAs, key);
        byte[] valueBytes = valueAs.equals("none") ? null : NewRecord.bytes("value", valueAs, value);
        Integer chosen = null;
        if (!partition.isBlank()) {
            try {
                chosen = Integer.parseUnsignedInt(partition.strip());
            } catch (NumberFormatException noNumber) {
                throw Unreadable.of("partition", partition);
            }
        }
        return new NewRecord(chosen, null, keyBytes, valueBytes, readHeaders());
    }

    private List<Header> readHeaders() {
        List<Header> read = new ArrayList<>();
        for (String line : headers.split("\\R")) {
            if (line.isBlank()) {
                continue;
            }
            int equals = line.indexOf('=');
            if (equals <= 0) {
                throw new Unreadable("headers", Wording.of("records.bad.header", Unreadable.shortened(line)));
            }
            read.add(new RecordHeader(
                    line.substring(0, equals).strip(),
                    line.substring(equals + 1).strip().getBytes(StandardCharsets.UTF_8)));
        }
        return NewRecord.bounded(read);
    }

    private List<NewRecord> many() {
        List<NewRecord> records = new ArrayList<>();
        int number = 0;
        for (String line : lines.split("\\R")) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            if (records.size() == MOST_LINES) {
                throw new Unreadable("lines", Wording.of("records.bad.too-many-lines", MOST_LINES));
            }
            JsonNode json = Json.parse(line);
            if (json == null) {
                throw new Unreadable("lines", Wording.of("records.bad.line", number, Unreadable.shortened(line)));
            }
            if (RecordExport.Cut.isOne(json)) {
                continue;
            }
            try {
                records.add(NewRecord.of(json));
            } catch (Unreadable unreadable) {
                throw new Unreadable("lines", Wording.of("records.bad.in-line", number, unreadable.wording()));
            }
        }
        return records;
    }
}
