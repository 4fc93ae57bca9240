package io.ottla.console.words;

import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.UnexpectedEndOfInputException;

/** What is wrong with a JSON text: in our own words, since the reader's name classes and repeat what was sent. */
public final class BrokenJson {
    /** So begins what the reader says of a field that is there twice, for which it has no type of its own. */
    private static final String TWICE = "Duplicate";

    private BrokenJson() {}

    /** The end of a sentence, behind "but". */
    public static Wording of(JacksonException broken) {
        if (!broken.getPath().isEmpty()) {
            return Wording.of("json.type", field(broken));
        }
        if (broken instanceof UnexpectedEndOfInputException) {
            return Wording.of("json.ends");
        }
        TokenStreamLocation at = broken.getLocation();
        if (at == null || at.getLineNr() < 1) {
            return Wording.of("json.broken");
        }
        boolean twice = String.valueOf(broken.getOriginalMessage()).startsWith(TWICE);
        return Wording.of(
                twice ? "json.twice" : "json.broken.at",
                Integer.toString(at.getLineNr()),
                Integer.toString(at.getColumnNr()));
    }

    /** The field that it is about, such as {@code partitions[0].before_offset}. */
    private static String field(JacksonException broken) {
        String field = broken.getPath().stream()
                .map(part ->
                        part.getPropertyName() == null ? "[" + part.getIndex() + "]" : "." + part.getPropertyName())
                .collect(Collectors.joining());
        return field.startsWith(".") ? field.substring(1) : field;
    }
}
