/**
 * Single settings of topics and brokers, and log levels: what they mean, where they come from, and their change.
 *
 * <p>Owner thread: those of the web server.
 *
 * <p>May import: Spring, kafka-clients; of the console {@code access}, {@code clusters}, {@code pages} and {@code words}.
 */
package io.ottla.console.settings;
