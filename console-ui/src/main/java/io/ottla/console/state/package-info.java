/**
 * What consoles keep for all of a cluster: people, sessions, tokens, added clusters, schedules, plans; where it lies, and what of it is known
 * while that can't be asked.
 *
 * <p>Owner thread: any; all of it is thread-safe.
 *
 * <p>May import: Spring's lifecycle and Jackson; of the console {@code clusters} (for its failure) and {@code words}.
 */
package io.ottla.console.state;
