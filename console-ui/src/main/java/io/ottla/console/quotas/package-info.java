/**
 * Quotas of a cluster's clients: by user, client id, both, or address (KIP-13, KIP-546, KIP-599, KIP-612).
 *
 * <p>Owner thread: those of the web server.
 *
 * <p>May import: Kafka's Admin client, Spring; of the console {@code abilities}, {@code access}, {@code clusters}, {@code pages}
 * and {@code words}.
 */
package io.ottla.console.quotas;
