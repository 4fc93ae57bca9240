/**
 * The trail of changes as a topic of the cluster beside the console, and the page and the call that read it.
 *
 * <p>Owner thread: one that writes; the web server's read.
 *
 * <p>May import: Spring, Kafka's clients; of the console {@code access}, {@code clusters}, {@code pages} and {@code words}.
 */
package io.ottla.console.audit;
