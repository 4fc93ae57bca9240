/**
 * The screens of the topics: the list, one topic, making and deleting one.
 *
 * <p>Owner thread: those of the web server.
 *
 * <p>May import: Spring; of the console {@code abilities}, {@code clusters} and {@code pages}.
 */
package io.ottla.console.topics;
