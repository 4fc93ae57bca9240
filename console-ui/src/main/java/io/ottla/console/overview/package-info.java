/**
 * All clusters on one page.
 *
 * <p>Owner thread: those of the web server.
 *
 * <p>May import: Spring; of the console {@code access}, {@code clusters}, {@code pages} and {@code words}.
 */
package io.ottla.console.overview;
