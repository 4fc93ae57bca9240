package io.ottla.console.records;

import java.math.BigDecimal;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * Which records somebody wants to see. It looks at what he may see of them, never at what is masked. Immutable.
 *
 * @param text that is to be in them, case aside; empty for any
 * @param path into their values; null for none
 * @param operand what is to be there
 */
public record RecordFilter(String text, Where where, JsonPath path, Comparison comparison, String operand) {
    static final RecordFilter NONE = new RecordFilter("", Where.ANY, null, Comparison.EXISTS, "");

    /** Where a text is looked for. */
    public enum Where {
        ANY,
        KEY,
        VALUE,
        HEADERS;

        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What is held against what is found at a path. */
    public enum Comparison {
        EXISTS,
        EQUALS,
        CONTAINS;

        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public boolean isNone() {
        return text.isEmpty() && path == null;
    }

    boolean matches(RecordView record) {
        return (text.isEmpty() || hasText(record)) && (path == null || hasAtPath(record.value()));
    }

    private boolean hasText(RecordView record) {
        return switch (where) {
            case KEY -> contains(record.key());
            case VALUE -> contains(record.value());
            case HEADERS -> inHeaders(record);
            case ANY -> contains(record.key()) || contains(record.value()) || inHeaders(record);
        };
    }

    private boolean contains(Decoded part) {
        return part != null && contains(part.text(), text);
    }

    private boolean inHeaders(RecordView record) {
        for (RecordView.Header header : record.headers()) {
            if (contains(header.name(), text)
                    || header.value() != null && contains(header.name() + "=" + header.value(), text)) {
                return true;
            }
        }
        return false;
    }

    private boolean hasAtPath(Decoded value) {
        if (value == null || value.json() == null) {
            return false;
        }
        try {
            for (JsonPath.Match match : path.select(value.json())) {
                if (holds(match.node())) {
                    return true;
                }
            }
            return false;
        } catch (Malformed tooLarge) {
            return false;
        }
    }

    private boolean holds(JsonNode node) {
        String found = node.isString() ? node.stringValue() : Json.compact(node);
        return switch (comparison) {
            case EXISTS -> true;
            case EQUALS -> found.equals(operand) || node.isNumber() && isSameNumber(node, operand);
            case CONTAINS -> contains(found, operand);
        };
    }

    private static boolean isSameNumber(JsonNode node, String operand) {
        try {
            // Compared, not brought to one scale: 1e999999999 would fill the memory.
            return operand.length() <= 100 && node.decimalValue().compareTo(new BigDecimal(operand)) == 0;
        } catch (NumberFormatException | tools.jackson.core.JacksonException noNumber) {
            return false;
        }
    }

    /** Case aside, without making a copy of the text. */
    static boolean contains(String text, String part) {
        int last = text.length() - part.length();
        for (int i = 0; i <= last; i++) {
            if (text.regionMatches(true, i, part, 0, part.length())) {
                return true;
            }
        }
        return false;
    }
}
