/**
 * Users of a cluster that log in by SCRAM (KIP-84, KIP-554). A password passes through and is kept, logged and shown nowhere,
 * but once to whoever had it made.
 *
 * <p>Owner thread: those of the web server.
 *
 * <p>May import: Kafka's Admin client, Spring; of the console {@code abilities}, {@code access}, {@code clusters}, {@code pages}
 * and {@code words}.
 */
package io.ottla.console.scram;
