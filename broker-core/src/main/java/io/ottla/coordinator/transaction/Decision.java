package io.ottla.coordinator.transaction;

import org.apache.kafka.common.protocol.Errors;

/** What a request does to a transactional id. */
sealed interface Decision {
    /** Nothing, for a reason that lies in the request or in the state. */
    record Refused(Errors error) implements Decision {}

    /** Nothing: what was asked for is so already. */
    record Unchanged(TransactionMetadata present) implements Decision {}

    /** It is to be as told. */
    record Changed(TransactionMetadata next) implements Decision {}

    /** It is to be as told, and who asked has to come again when the transaction has ended. */
    record Fenced(TransactionMetadata next) implements Decision {}

    /** A producer id is needed that nobody has had. */
    record NeedsId() implements Decision {}
}
