/**
 * A cluster's ZooKeeper: its servers, the broker's session, and its nodes to look at.
 *
 * <p>Owner thread: those of the web server.
 *
 * <p>May import: Spring, Jackson; of the console {@code access}, {@code clusters}, {@code pages} and {@code words}.
 */
package io.ottla.console.zookeeper;
