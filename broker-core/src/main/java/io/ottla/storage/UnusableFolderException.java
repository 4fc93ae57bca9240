package io.ottla.storage;

import java.io.IOException;

/** A log folder must not be used; the message says which, why, and what to do. The start ends there. */
public final class UnusableFolderException extends IOException {
    public UnusableFolderException(String message) {
        super(message);
    }
}
