/**
 * The runtime of coordinators: state machines over the partitions of an internal topic (DESIGN §6).
 *
 * <p>A {@link io.ottla.coordinator.Shard} is one such partition that this broker leads. An
 * {@link io.ottla.coordinator.Operation} reads the shard's {@link io.ottla.coordinator.ShardMachine} and returns
 * {@link io.ottla.coordinator.Effects}: records and answers. The shard applies the records to its state at once, writes
 * those of all operations that are waiting with one append, and gives the answers when the high watermark has passed.
 *
 * <p>Owner thread: the shard's executor.
 *
 * <p>May import (row 13): the rooms of the rows above its own, which end with {@code zookeeper}.
 */
package io.ottla.coordinator;
