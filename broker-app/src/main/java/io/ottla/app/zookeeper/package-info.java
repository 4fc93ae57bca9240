/**
 * The ZooKeeper that the process brings along: beside a broker that names no other, or as a process of its own.
 *
 * <p>Owner thread: the starting thread; the server's own threads serve.
 */
package io.ottla.app.zookeeper;
