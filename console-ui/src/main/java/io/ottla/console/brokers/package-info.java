/**
 * The screen of the brokers: who is there, who is the controller, what each carries and keeps.
 *
 * <p>Owner thread: those of the web server.
 *
 * <p>May import: Spring; of the console {@code clusters} and {@code pages}.
 */
package io.ottla.console.brokers;
