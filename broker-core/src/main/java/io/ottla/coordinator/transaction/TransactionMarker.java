package io.ottla.coordinator.transaction;

import io.ottla.types.ProducerIdAndEpoch;

/**
 * How a transaction ended, as one of its partitions is told.
 *
 * @param producer whose transaction it is; its epoch is raised already where each transaction has one of its own (KIP-890)
 * @param coordinatorEpoch of the coordinator that decided
 * @param version of transactions that the client speaks
 */
public record TransactionMarker(ProducerIdAndEpoch producer, boolean commits, int coordinatorEpoch, int version) {}
