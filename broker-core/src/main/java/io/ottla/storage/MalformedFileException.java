package io.ottla.storage;

import java.io.IOException;

/** A file's content is not what its kind has. Nothing is ever deleted because of it. */
final class MalformedFileException extends IOException {
    MalformedFileException(String message) {
        super(message);
    }
}
