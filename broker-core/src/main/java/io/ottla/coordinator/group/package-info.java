/**
 * Groups and their offsets: the state of the shards of {@code __consumer_offsets}.
 *
 * <p>{@link io.ottla.coordinator.group.GroupRecord} is what is stored; {@link
 * io.ottla.coordinator.group.GroupRecordFormat} how.
 *
 * <p>Owner thread: the shard's executor.
 *
 * <p>May import: what {@code coordinator} may.
 */
package io.ottla.coordinator.group;
