package io.ottla.coordinator.transaction;

import io.ottla.storage.UnverifiedTransaction;
import io.ottla.types.ProducerIdAndEpoch;

/**
 * Which partitions belong to transactions, as their coordinators know. Asked by partitions' leaders before they write
 * (KIP-890). Thread-safe.
 */
@FunctionalInterface
public interface TransactionMembership {
    /** Partitions of old clients' transactions are only verified; those of newer ones are added by what they write. */
    enum Wish {
        VERIFY,
        ADD
    }

    /** The coordinator of a transactional id, to be asked of a producer's transaction. */
    UnverifiedTransaction.Coordinator of(String transactionalId, ProducerIdAndEpoch producer, Wish wish);
}
