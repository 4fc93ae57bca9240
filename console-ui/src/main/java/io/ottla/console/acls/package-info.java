/**
 * Access rules (ACLs) of a cluster: who may do what to which topics, groups and so on (KIP-11, KIP-290).
 *
 * <p>Owner thread: those of the web server.
 *
 * <p>May import: Kafka's Admin client, Spring; of the console {@code abilities}, {@code access}, {@code clusters}, {@code pages}
 * and {@code words}.
 */
package io.ottla.console.acls;
