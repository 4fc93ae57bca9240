/**
 * The process around the broker: Spring Boot wiring, configuration binding, embedded ZooKeeper, Actuator.
 *
 * <p>Owner thread: Spring's main thread, which starts and stops everything.
 *
 * <p>May import: Spring, broker-core's front doors, console-ui.
 */
package io.ottla.app;
