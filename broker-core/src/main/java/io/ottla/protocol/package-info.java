/**
 * Kafka's wire protocol: frame and header codec, bounded readers and writers, the table of versions. The only other
 * user
 * of Netty beside the network room, and of its buffers alone.
 *
 * <p>Owner thread: the caller's.
 *
 * <p>May import (row 4): {@code types}, {@code time}, {@code concurrent}, {@code metrics}, {@code record}.
 */
package io.ottla.protocol;
