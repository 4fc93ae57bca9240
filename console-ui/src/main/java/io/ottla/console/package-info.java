/**
 * REST administration and the web console, over Kafka's public Admin client, so that they can manage any cluster that
 * speaks Kafka's protocol. What Admin can't say comes through ports that the process implements. One package a screen;
 * {@code clusters} is what they all ask.
 *
 * <p>Owner thread: the web server's request threads.
 *
 * <p>May import: Spring, kafka-clients; never broker-core.
 */
package io.ottla.console;
