package io.ottla.coordinator.group;

import org.apache.kafka.common.protocol.Errors;

/**
 * Why something that was asked is not done.
 *
 * @param message for people
 */
record Refusal(Errors error, String message) {
    static Refusal invalid(String message) {
        return new Refusal(Errors.INVALID_REQUEST, message);
    }
}
