package io.ottla.console.moves;

import io.ottla.console.words.Wording;

/** What was asked for, or why there is none. */
public sealed interface Outcome<T> {
    record Made<T>(T value) implements Outcome<T> {}

    /** @param why a sentence for people: what was expected, what was met, and what to do where that isn't plain */
    record Refused<T>(Wording why) implements Outcome<T> {}

    static <T> Outcome<T> made(T value) {
        return new Made<>(value);
    }

    static <T> Outcome<T> refused(Wording why) {
        return new Refused<>(why);
    }
}
