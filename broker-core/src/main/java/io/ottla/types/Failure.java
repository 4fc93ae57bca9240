package io.ottla.types;

import org.apache.kafka.common.protocol.Errors;

/**
 * An expected refusal: the protocol's error and a sentence for people that says what is wrong, with which value, and
 * what to do.
 *
 * @param message null where the protocol's own message says it all
 */
public record Failure(Errors error, String message) {
    public static Failure of(Errors error) {
        return new Failure(error, null);
    }

    public static Failure of(Errors error, String message) {
        return new Failure(error, message);
    }

    /** The sentence to answer with. */
    public String text() {
        return message == null ? error.message() : message;
    }
}
