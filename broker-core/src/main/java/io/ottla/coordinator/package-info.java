/**
 * The runtime of event-sourced shards, and the group and transaction coordinators on it.
 *
 * <p>Owner thread: the shard's executor.
 *
 * <p>May import (row 13): the rooms of the rows above its own, which end with {@code zookeeper}.
 */
package io.ottla.coordinator;
