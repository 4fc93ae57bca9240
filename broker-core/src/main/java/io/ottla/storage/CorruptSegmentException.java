package io.ottla.storage;

import java.io.IOException;

/** A segment's file holds something else than batches where a batch must stand. */
final class CorruptSegmentException extends IOException {
    CorruptSegmentException(String message) {
        super(message);
    }
}
