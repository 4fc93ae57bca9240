package io.ottla.console.access;

import io.ottla.console.words.Wording;

/** Somebody may not do what he tried. */
public final class Forbidden extends RuntimeException {
    private final transient Wording wording;

    public Forbidden(Wording wording) {
        super(wording.toString());
        this.wording = wording;
    }

    public Wording wording() {
        return wording;
    }
}
