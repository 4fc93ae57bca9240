package io.ottla.console.records;

import io.ottla.console.words.Wording;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What somebody asked for can't be read: the field and why. */
public final class Unreadable extends RuntimeException {
    private final String field;
    private final boolean inBody;
    private final transient Wording wording;

    Unreadable(String field, Wording wording) {
        this(field, wording, false);
    }

    private Unreadable(String field, Wording wording, boolean inBody) {
        super(wording.toString());
        this.field = field;
        this.inBody = inBody;
        this.wording = wording;
    }

    /** A value that the field does not have. */
    static Unreadable of(String field, String value) {
        return new Unreadable(field, Wording.of("records.bad.value", field, shortened(value)));
    }

    /** The same of a field that has a few values. */
    static Unreadable of(String field, String value, Enum<?>[] among) {
        return new Unreadable(
                field,
                Wording.of(
                        "records.bad.choice",
                        field,
                        Arrays.stream(among)
                                .map(each -> each.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", ")),
                        shortened(value)));
    }

    static Unreadable number(String field, String value, long least, long most) {
        return new Unreadable(
                field,
                Wording.of("records.bad.number", field, Long.toString(least), Long.toString(most), shortened(value)));
    }

    /** The same of a body that is well formed and says what can't be. */
    static Unreadable inBody(String field, Wording wording) {
        return new Unreadable(field, wording, true);
    }

    /** Whether the request's form was right and its content was not. */
    public boolean inBody() {
        return inBody;
    }

    String field() {
        return field;
    }

    Wording wording() {
        return wording;
    }

    static String shortened(String value) {
        return value.length() <= 100 ? value : value.substring(0, 100) + "…";
    }
}
