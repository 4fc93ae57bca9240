/**
 * Administration over HTTP in the shape of the REST Admin API v3, which tools for Kafka know: {@code /v3/clusters/…}, also
 * under {@code /kafka/v3}. docs/rest.md lists what there is.
 *
 * <p>Owner thread: those of the web server.
 *
 * <p>May import: Spring; of the console {@code clusters} and {@code security}.
 */
package io.ottla.console.rest;
