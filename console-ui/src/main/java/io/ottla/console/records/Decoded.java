package io.ottla.console.records;

import io.ottla.console.words.Wording;
import tools.jackson.databind.JsonNode;

/**
 * A key or a value as people and filters read it.
 *
 * @param format by which it was read; never {@link Format#AUTO}
 * @param text all of it, on as many lines as it came with
 * @param json its structure; null where it has none
 * @param note what is to be known of it, as that it is not what it was taken for; null for nothing
 */
public record Decoded(Format format, String text, JsonNode json, Wording note) {
    static Decoded of(Format format, String text) {
        return new Decoded(format, text, null, null);
    }

    static Decoded of(Format format, JsonNode json) {
        return new Decoded(format, Json.compact(json), json, null);
    }

    Decoded with(Wording other) {
        return new Decoded(format, text, json, other);
    }

    /** For somebody who looks at this one alone. */
    String pretty() {
        return json == null ? text : Json.pretty(json);
    }
}
