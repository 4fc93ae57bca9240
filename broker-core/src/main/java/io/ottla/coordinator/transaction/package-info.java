/**
 * The transaction coordinator: for each transactional id who its producer is, and what becomes of its transaction. Source:
 * KIP-98, KIP-360, KIP-447, KIP-890.
 *
 * <p>Owner thread: the shard's executor; {@link io.ottla.coordinator.transaction.TransactionCoordinator} is thread-safe.
 *
 * <p>May import (row 13): the rooms of the rows above its own, and the runtime of coordinators.
 */
package io.ottla.coordinator.transaction;
