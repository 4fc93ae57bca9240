/**
 * Transactions of a cluster: those that coordinators know, and those that hang since none does (KIP-98, KIP-664).
 *
 * <p>Owner thread: those of the web server.
 *
 * <p>May import: Kafka's Admin client, Spring; of the console {@code abilities}, {@code access}, {@code clusters}, {@code pages}
 * and {@code words}.
 */
package io.ottla.console.transactions;
