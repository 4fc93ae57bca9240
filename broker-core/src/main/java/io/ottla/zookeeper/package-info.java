/**
 * The only user of Curator and ZooKeeper: store, election, registration, producer id blocks.
 *
 * <p>Owner thread: Curator's event thread, which hands over at once.
 *
 * <p>May import (row 12): the rooms of the rows above its own, which end with {@code controller}.
 */
package io.ottla.zookeeper;
