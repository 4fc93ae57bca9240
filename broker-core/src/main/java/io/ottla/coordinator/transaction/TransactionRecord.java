package io.ottla.coordinator.transaction;

/** What {@code __transaction_state} holds. */
sealed interface TransactionRecord {
    String transactionalId();

    record Kept(String transactionalId, TransactionMetadata value) implements TransactionRecord {}

    record Gone(String transactionalId) implements TransactionRecord {}
}
