/**
 * What only clients before Kafka 2.1 still send, kept apart so that it can be dropped as one.
 *
 * <p>Owner thread: the caller's.
 *
 * <p>May import (row 4): {@code types}, {@code time}, {@code concurrent}, {@code metrics}, {@code record}.
 */
package io.ottla.protocol.legacy;
