/**
 * The ZooKeeper that the process brings along.
 *
 * <p>Owner thread: the starting thread; the server's own threads serve.
 */
package io.ottla.app.zookeeper;
