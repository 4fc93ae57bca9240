/**
 * How partitions are shared out among the members of a group whose coordinator assigns (KIP-848): what an assignor is
 * given and what it answers. Values and pure functions; no state, no clock, no thread.
 *
 * <p>Owner thread: the caller's; assignors run on a pool, off the shard's executor.
 *
 * <p>May import: {@code types}.
 */
package io.ottla.coordinator.group.assign;
