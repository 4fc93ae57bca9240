/**
 * The command line: reads the configuration, refuses what is wrong before anything is touched, starts the process.
 *
 * <p>Owner thread: the main thread.
 *
 * <p>May import: Spring Boot, {@code io.ottla.config}, {@code process}.
 */
package io.ottla.app.command;
