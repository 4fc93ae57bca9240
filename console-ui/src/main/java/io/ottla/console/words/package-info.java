/**
 * What the console says, in the reader's language: every sentence has a key in the message bundles.
 *
 * <p>Owner thread: any; all of it is immutable.
 *
 * <p>May import: Spring's message source, Jackson; no other package of the console.
 */
package io.ottla.console.words;
