/**
 * The records of topics: looked through page by page or as they come, told in the form that they have, filtered, masked,
 * taken away as a file, and written.
 *
 * <p>Owner thread: those of the web server, each with a consumer of its own.
 *
 * <p>May import: Spring, Jackson, kafka-clients, Avro and Protocol Buffers; of the console {@code clusters}, {@code access},
 * {@code abilities}, {@code pages}, {@code words}.
 */
package io.ottla.console.records;
