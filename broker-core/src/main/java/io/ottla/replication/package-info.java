/**
 * A partition with its role, in-sync set, high watermark and waiters; fetching from leaders; moving replicas.
 *
 * <p>Owner thread: the partition's lock.
 *
 * <p>May import (row 10): the rooms of the rows above its own, which end with {@code storage}.
 */
package io.ottla.replication;
