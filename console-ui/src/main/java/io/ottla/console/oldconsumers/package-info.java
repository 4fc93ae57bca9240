/**
 * Groups of old consumers, which keep their members, who owns what, and their offsets in ZooKeeper: reading and changing
 * them.
 *
 * <p>Owner thread: any; the calls block.
 *
 * <p>May import: kafka-clients; of the console {@code clusters}.
 */
package io.ottla.console.oldconsumers;
