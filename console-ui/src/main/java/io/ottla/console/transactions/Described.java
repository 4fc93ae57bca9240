package io.ottla.console.transactions;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.TopicPartition;

/**
 * What its coordinator tells of a transactional id.
 *
 * @param timeoutMs after which the coordinator aborts a transaction that is still open
 * @param startedAt null while none is open
 * @param partitions that are part of the open transaction, in order
 */
public record Described(
        String id,
        int coordinator,
        TransactionState state,
        long producerId,
        int epoch,
        long timeoutMs,
        Instant startedAt,
        List<TopicPartition> partitions) {
    static Described of(String id, TransactionDescription told) {
        return new Described(
                id,
                told.coordinatorId(),
                told.state(),
                told.producerId(),
                told.producerEpoch(),
                told.transactionTimeoutMs(),
                isRunning(told.state()) && told.transactionStartTimeMs().isPresent()
                        ? Instant.ofEpochMilli(told.transactionStartTimeMs().getAsLong())
                        : null,
                told.topicPartitions().stream()
                        .sorted(Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition))
                        .toList());
    }

    /** Coordinators still tell when the last one began that has ended. */
    private static boolean isRunning(TransactionState state) {
        return switch (state) {
            case ONGOING, PREPARE_ABORT, PREPARE_COMMIT, PREPARE_EPOCH_FENCE -> true;
            case COMPLETE_ABORT, COMPLETE_COMMIT, EMPTY, UNKNOWN -> false;
        };
    }

    /** How long it has been open; null while none is. */
    public Duration age(Instant now) {
        return startedAt == null ? null : Duration.between(startedAt, now);
    }

    /** Whether there is anything to abort. */
    public boolean open() {
        return state == TransactionState.ONGOING;
    }
}
