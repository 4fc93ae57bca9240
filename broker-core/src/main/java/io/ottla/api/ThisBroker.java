package io.ottla.api;

import io.ottla.types.Failure;
import org.apache.kafka.common.protocol.Errors;

/** Whether a name in a request is that of the broker that was asked: of others it can say nothing. */
final class ThisBroker {
    private ThisBroker() {}

    /** Null where it is this broker's. */
    static Failure fault(int brokerId, String name) {
        return name.isEmpty()
                ? Failure.of(Errors.INVALID_REQUEST, "Broker id must not be empty")
                : fault(brokerId, name, "");
    }

    /** The same where the empty name, which stands for all brokers, would do as well. */
    static Failure faultOrAll(int brokerId, String name) {
        return fault(brokerId, name, " or empty string,");
    }

    private static Failure fault(int brokerId, String name, String otherwise) {
        try {
            int id = Integer.parseInt(name);
            return id == brokerId && Integer.toString(id).equals(name)
                    ? null
                    : Failure.of(
                            Errors.INVALID_REQUEST,
                            "Unexpected broker id, expected " + brokerId + otherwise + " but received " + name);
        } catch (NumberFormatException e) {
            return Failure.of(Errors.INVALID_REQUEST, "Broker id must be an integer, but it is: " + name);
        }
    }
}
