/**
 * Share groups and share partitions.
 *
 * <p>Owner thread: the shard's executor for groups, the partition's lock for partitions.
 *
 * <p>May import (row 14): the rooms of the rows above its own, which end with {@code coordinator}.
 */
package io.ottla.share;
