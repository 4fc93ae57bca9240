/**
 * How the process shows its meters to Prometheus: the broker's under Kafka's names, the JVM's under the names that
 * dashboards for Kafka ask for; and what else machines ask where the actuator has a port of its own.
 *
 * <p>Owner thread: those of the web server, one scrape at a time or several.
 *
 * <p>May import: Spring, the Prometheus client, {@code io.ottla.metrics}, {@code io.ottla.console.lag}.
 */
package io.ottla.app.metrics;
