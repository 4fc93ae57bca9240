/**
 * The broker's life within the process: begun on a thread of its own beside Spring's start, ended last.
 *
 * <p>Owner thread: {@code ottla-start} starts it; Spring's main thread and its shutdown hook wait and stop.
 *
 * <p>May import: Spring, broker-core's front doors.
 */
package io.ottla.app.process;
