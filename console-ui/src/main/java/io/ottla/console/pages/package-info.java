/**
 * What all pages share: style sheet and script, the way figures are written, what is shown when a cluster does not answer.
 *
 * <p>Owner thread: those of the web server.
 *
 * <p>May import: Spring; of the console {@code clusters}.
 */
package io.ottla.console.pages;
