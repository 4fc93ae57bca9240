package io.ottla.console.transactions;

import org.apache.kafka.clients.admin.TransactionState;

/**
 * A transactional id as its coordinator lists it.
 *
 * @param producerId of the producer that has it now
 * @param coordinator the broker that keeps it
 */
public record Listed(String id, long producerId, TransactionState state, int coordinator) {}
