package io.ottla.console.words;

import java.util.List;
import java.util.Locale;

/**
 * A sentence that is not said yet: its language is known only where it is read.
 *
 * @param key of the message bundles
 * @param arguments for its places, in their order; texts, numbers and other wordings
 */
public record Wording(String key, List<Object> arguments) {
    public static Wording of(String key, Object... arguments) {
        return new Wording(key, List.of(arguments));
    }

    /** What somebody else said, which is repeated as it is in every language. */
    public static Wording quoted(String text) {
        return of("common.quoted", text);
    }

    public String in(Locale language) {
        Object[] said = arguments.stream()
                .map(argument -> argument instanceof Wording inner ? inner.in(language) : argument)
                .toArray();
        return Words.source().getMessage(key, said, language);
    }

    /** In English: for logs and programs. */
    @Override
    public String toString() {
        return in(Locale.ENGLISH);
    }
}
