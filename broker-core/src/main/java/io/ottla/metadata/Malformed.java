package io.ottla.metadata;

import io.ottla.protocol.MalformedFrame;
import java.util.function.Supplier;

/** Turns what the images refuse, of bytes that were read, into what it is: bytes that are none of ours. */
final class Malformed {
    private Malformed() {}

    static <T> T guard(String what, Supplier<T> read) {
        try {
            return read.get();
        } catch (MalformedFrame e) {
            throw e;
        } catch (RuntimeException e) {
            throw new MalformedFrame("Expected " + what + ", but: " + e);
        }
    }
}
