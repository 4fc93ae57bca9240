package io.ottla.console.pages;

import io.ottla.console.words.Wording;

/** Something that somebody typed, or a program sent, can't be what it is meant to be. Without a trace: it is an answer. */
public final class Mistyped extends RuntimeException {
    private final transient Wording wording;

    public Mistyped(Wording wording) {
        super(wording.toString(), null, false, false);
        this.wording = wording;
    }

    /** Names the field, what was in it, and what can be. */
    public Wording wording() {
        return wording;
    }
}
