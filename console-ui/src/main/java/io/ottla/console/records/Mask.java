package io.ottla.console.records;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.ottla.console.words.Wording;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The rules that hold for one reader of one topic. What they can't look into is hidden whole: a value without fields where
 * fields are to be hidden, bytes that are no text where a pattern is. Immutable.
 */
record Mask(List<MaskingRule> rules) {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    boolean isNone() {
        return rules.isEmpty();
    }

    /** @param record read as its bytes suggest: whoever chooses how they are read could choose what the rules miss */
    RecordView hide(RecordView record) {
        RecordView hidden = record;
        for (MaskingRule rule : rules) {
            hidden = rule.pattern() == null ? fields(hidden, rule) : pattern(hidden, rule);
        }
        return hidden;
    }

    private static RecordView fields(RecordView record, MaskingRule rule) {
        Decoded value = record.value();
        if (value != null && !Json.isContainer(value.json())) {
            return whole(record, rule);
        }
        try {
            Decoded key = record.key() != null && Json.isContainer(record.key().json())
                    ? fields(record.key(), rule)
                    : record.key();
            List<RecordView.Header> headers = new ArrayList<>();
            for (RecordView.Header header : record.headers()) {
                headers.add(header(header, rule));
            }
            return with(record, key, value == null ? null : fields(value, rule), headers);
        } catch (Malformed tooLarge) {
            return whole(record, rule);
        }
    }

    /** The text is written anew in any case: that of the record may name a field twice. */
    private static Decoded fields(Decoded part, MaskingRule rule) throws Malformed {
        JsonNode copy = part.json().deepCopy();
        for (JsonPath field : rule.fields()) {
            for (JsonPath.Match match : field.select(copy)) {
                switch (match.parent()) {
                    case ObjectNode parent -> parent.put(match.name(), rule.with());
                    case ArrayNode parent -> parent.set(match.place(), NODES.stringNode(rule.with()));
                    case null, default -> throw new Malformed("the whole document");
                }
            }
        }
        return new Decoded(part.format(), Json.compact(copy), copy, part.note());
    }

    private static RecordView.Header header(RecordView.Header header, MaskingRule rule) throws Malformed {
        if (header.value() == null) {
            return header;
        }
        boolean named =
                rule.fields().stream().anyMatch(field -> field.lastName().equalsIgnoreCase(header.name()));
        if (named) {
            return new RecordView.Header(header.name(), rule.with(), true);
        }
        JsonNode json = header.text() ? Json.parse(header.value()) : null;
        return Json.isContainer(json)
                ? new RecordView.Header(
                        header.name(),
                        fields(Decoded.of(Format.JSON, json), rule).text(),
                        true)
                : header;
    }

    private static RecordView pattern(RecordView record, MaskingRule rule) {
        List<RecordView.Header> headers = record.headers().stream()
                .map(header -> new RecordView.Header(
                        replaced(header.name(), rule),
                        header.value() == null || header.text() ? replaced(header.value(), rule) : rule.with(),
                        true))
                .toList();
        return with(record, pattern(record.key(), rule), pattern(record.value(), rule), headers);
    }

    private static Decoded pattern(Decoded part, MaskingRule rule) {
        if (part == null) {
            return null;
        }
        if (part.json() != null) {
            JsonNode leaves = leaves(part.json(), rule);
            String compact = Json.compact(leaves);
            String text = replaced(compact, rule);
            // What was hidden across leaves may be no JSON any more; then there is no structure to look into.
            return new Decoded(part.format(), text, text.equals(compact) ? leaves : Json.parse(text), part.note());
        }
        return part.format() == Format.TEXT
                ? new Decoded(part.format(), replaced(part.text(), rule), null, part.note())
                : Decoded.of(Format.TEXT, rule.with()).with(Wording.of("records.note.hidden"));
    }

    private static JsonNode leaves(JsonNode node, MaskingRule rule) {
        if (node.isObject()) {
            ObjectNode copy = NODES.objectNode();
            node.properties()
                    .forEach(
                            property -> copy.set(replaced(property.getKey(), rule), leaves(property.getValue(), rule)));
            return copy;
        }
        if (node.isArray()) {
            ArrayNode copy = NODES.arrayNode();
            node.forEach(item -> copy.add(leaves(item, rule)));
            return copy;
        }
        if (node.isString()) {
            return NODES.stringNode(replaced(node.stringValue(), rule));
        }
        String text = Json.compact(node);
        String replaced = replaced(text, rule);
        return replaced.equals(text) ? node : NODES.stringNode(replaced);
    }

    private static String replaced(String text, MaskingRule rule) {
        if (text == null) {
            return null;
        }
        Pattern pattern = rule.pattern();
        return pattern.matcher(text).replaceAll(Matcher.quoteReplacement(rule.with()));
    }

    private static RecordView whole(RecordView record, MaskingRule rule) {
        Wording why = Wording.of("records.note.hidden");
        Decoded hidden = Decoded.of(Format.TEXT, rule.with()).with(why);
        return with(
                record,
                record.key() == null ? null : hidden,
                record.value() == null ? null : hidden,
                record.headers().stream()
                        .map(header -> new RecordView.Header(header.name(), rule.with(), true))
                        .toList());
    }

    private static RecordView with(RecordView record, Decoded key, Decoded value, List<RecordView.Header> headers) {
        return new RecordView(
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                key,
                value,
                headers,
                record.keyBytes(),
                record.valueBytes(),
                true);
    }
}
