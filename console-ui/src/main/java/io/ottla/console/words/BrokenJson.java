package io.ottla.console.words;

import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** What is wrong with a JSON text: in our own words, since the reader's name classes and repeat what was sent. */
public final class BrokenJson {
    /** So begins what the reader says of a field that is there twice, for which it has no type of its own. */
    private static final String TWICE = "Duplicate";

    private static final int MAX_NAME = 60;

    private BrokenJson() {}

    /** The end of a sentence, behind "but". */
    public static Wording of(JacksonException broken) {
        JacksonException first = broken.getCause() instanceof JacksonException inner ? inner : broken;
        if (first instanceof UnexpectedEndOfInputException) {
            return Wording.of("json.ends");
        }
        if (broken instanceof UnrecognizedPropertyException) {
            return Wording.of("json.unknown", shortened(field(broken)));
        }
        boolean isJson = !(first instanceof StreamReadException) || first instanceof InputCoercionException;
        if (isJson && !broken.getPath().isEmpty()) {
            return Wording.of("json.type", field(broken));
        }
        TokenStreamLocation at = first.getLocation();
        if (at == null || at.getLineNr() < 1) {
            return Wording.of("json.broken");
        }
        String line = Integer.toString(at.getLineNr());
        String column = Integer.toString(at.getColumnNr());
        boolean twice = String.valueOf(first.getOriginalMessage()).startsWith(TWICE);
        return twice
                ? Wording.of("json.twice", shortened(nameOf(first)), line, column)
                : Wording.of("json.broken.at", line, column);
    }

    /** Of the field at which the reader stopped. */
    private static String nameOf(JacksonException stopped) {
        return stopped.processor() instanceof JsonParser parser ? String.valueOf(parser.currentName()) : "";
    }

    private static String shortened(String name) {
        return name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME) + "…";
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
