/**
 * Decisions about who may do what, and credential checks in constant time. Decisions only: no I/O, no connection
 * state.
 *
 * <p>Owner thread: the caller's.
 *
 * <p>May import (row 8): the rooms of the rows above its own, which end with {@code peer}.
 */
package io.ottla.security;
