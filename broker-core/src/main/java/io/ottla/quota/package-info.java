/**
 * Decisions about how much a caller may use. Decisions only: throttling is done where the connection is.
 *
 * <p>Owner thread: the caller's.
 *
 * <p>May import (row 8): the rooms of the rows above its own, which end with {@code peer}.
 */
package io.ottla.quota;
