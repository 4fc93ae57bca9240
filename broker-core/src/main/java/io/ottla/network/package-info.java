/**
 * Server and client over Netty: TLS, SASL exchange, connection state, ordered replies, budgets, sendfile.
 *
 * <p>Owner thread: the connection's event loop.
 *
 * <p>May import (row 17): the rooms of the rows above its own, which end with {@code api}.
 */
package io.ottla.network;
