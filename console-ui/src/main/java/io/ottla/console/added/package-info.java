/**
 * Clusters that somebody adds, changes and takes away in the console: kept for all consoles of the cluster beside it.
 *
 * <p>Owner thread: those of the web server, and one that looks for what others changed.
 *
 * <p>May import: Spring; of the console {@code access}, {@code clusters}, {@code pages}, {@code state} and {@code words}.
 */
package io.ottla.console.added;
