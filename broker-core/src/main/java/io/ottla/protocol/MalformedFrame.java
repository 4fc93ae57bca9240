package io.ottla.protocol;

import java.io.Serial;

/**
 * Bytes from a peer that are no message of the protocol; the connection that they came on is closed with this message
 * in one log line. Without a stack trace, so that garbage costs its sender more than us.
 */
public final class MalformedFrame extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** @param message what was expected, and what came */
    public MalformedFrame(String message) {
        super(message, null, false, false);
    }
}
