/**
 * Who may log in: people, their passwords and roles, their sessions and tokens, and the pages and calls about them. All of it is the
 * cluster's, so that each broker's console shows the same.
 *
 * <p>Owner thread: those of the web server, and one that sweeps.
 *
 * <p>May import: Spring; of the console {@code access}, {@code clusters}, {@code pages}, {@code state} and {@code words}.
 */
package io.ottla.console.people;
