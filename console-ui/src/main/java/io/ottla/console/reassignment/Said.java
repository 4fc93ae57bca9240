package io.ottla.console.reassignment;

import io.ottla.console.words.Wording;
import io.ottla.console.words.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A sentence as it is kept for all consoles, still in no language.
 *
 * @param arguments texts, numbers, and further sentences
 */
record Said(String key, List<Object> arguments) {
    static Said of(Wording wording) {
        List<Object> arguments = new ArrayList<>();
        for (Object argument : wording.arguments()) {
            switch (argument) {
                case Wording inner -> arguments.add(of(inner));
                case Number number -> arguments.add(number);
                default -> arguments.add(argument.toString());
            }
        }
        return new Said(wording.key(), arguments);
    }

    /** One that this version does not have among its bundles is quoted as it lies there. */
    Wording wording() {
        return wording(key, arguments);
    }

    private static Wording wording(String key, List<?> arguments) {
        List<Object> read = new ArrayList<>();
        for (Object argument : arguments == null ? List.of() : arguments) {
            switch (argument) {
                case Said inner -> read.add(inner.wording());
                case Map<?, ?> inner ->
                    read.add(wording(
                            String.valueOf(inner.get("key")),
                            inner.get("arguments") instanceof List<?> list ? list : List.of()));
                case null -> read.add("");
                default -> read.add(argument);
            }
        }
        return key != null && Words.source().getMessage(key, null, null, Locale.ENGLISH) != null
                ? new Wording(key, read)
                : Wording.quoted(key + " " + read);
    }
}
