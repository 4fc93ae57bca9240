package io.ottla.storage;

/**
 * A producer that wrote lately, as DescribeProducers shows it (KIP-664).
 *
 * @param coordinatorEpoch -1 where it has no transaction
 * @param currentTransactionStartOffset -1 where none is open
 */
public record ProducerView(
        long producerId,
        short producerEpoch,
        int lastSequence,
        long lastTimestamp,
        int coordinatorEpoch,
        long currentTransactionStartOffset) {}
