/**
 * The adapter to ZooKeeper-era Kafka brokers in a mixed cluster.
 *
 * <p>Owner thread: to be stated with its first class.
 *
 * <p>May import (row 18): the rooms of the rows above its own, which end with {@code network}.
 */
package io.ottla.kafka;
