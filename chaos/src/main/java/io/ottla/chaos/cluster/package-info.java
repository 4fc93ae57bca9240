/**
 * Three brokers and a ZooKeeper as processes, and the network between them, which is ours: each dials the others by addresses
 * at which a proxy for that one pair listens. Knows how to start, stop, signal and reach them; decides nothing.
 */
package io.ottla.chaos.cluster;
