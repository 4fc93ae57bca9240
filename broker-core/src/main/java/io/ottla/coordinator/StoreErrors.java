package io.ottla.coordinator;

import org.apache.kafka.common.protocol.Errors;

/** What a client is told where a shard's log refuses, as Kafka's coordinators say it. */
final class StoreErrors {
    private StoreErrors() {}

    static Errors toClients(Errors log) {
        return switch (log) {
            case NOT_ENOUGH_REPLICAS, NOT_ENOUGH_REPLICAS_AFTER_APPEND, UNKNOWN_TOPIC_OR_PARTITION, REQUEST_TIMED_OUT ->
                Errors.COORDINATOR_NOT_AVAILABLE;
            case NOT_LEADER_OR_FOLLOWER, FENCED_LEADER_EPOCH, KAFKA_STORAGE_ERROR -> Errors.NOT_COORDINATOR;
            case MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE -> Errors.UNKNOWN_SERVER_ERROR;
            default -> log;
        };
    }

    /** Whether the log can't be written to by this leadership any more. */
    static boolean endsLeadership(Errors log) {
        return switch (log) {
            case NOT_LEADER_OR_FOLLOWER, FENCED_LEADER_EPOCH, KAFKA_STORAGE_ERROR, UNKNOWN_TOPIC_OR_PARTITION -> true;
            default -> false;
        };
    }
}
