/**
 * One small handler class for each API of the protocol, and their registry.
 *
 * <p>Owner thread: the event loop of the connection that asks.
 *
 * <p>May import (row 16): the rooms of the rows above its own, which end with {@code cluster}.
 */
package io.ottla.api;
