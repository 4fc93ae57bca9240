/**
 * What the console is told of the broker's ZooKeeper and of others: implements console-ui's ports.
 *
 * <p>Owner thread: those of the web server.
 *
 * <p>May import: Spring, broker-core's {@code zookeeper}, console-ui's ports, the process.
 */
package io.ottla.app.console;
