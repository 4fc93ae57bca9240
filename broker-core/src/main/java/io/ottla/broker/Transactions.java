package io.ottla.broker;

import io.ottla.coordinator.transaction.MarkerLog;
import io.ottla.coordinator.transaction.TransactionCoordinator;
import io.ottla.coordinator.transaction.TransactionMembership;

/**
 * A broker's parts that have to do with transactions.
 *
 * @param membership what partitions' leaders ask
 * @param markers of partitions that this broker leads
 */
record Transactions(TransactionCoordinator coordinator, TransactionMembership membership, MarkerLog markers) {}
