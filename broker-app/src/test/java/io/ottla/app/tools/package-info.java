/**
 * Kafka's own command line tools, old and new, on clusters of Ottla's brokers and on the same of Kafka's: what they say is
 * compared, and what one make of brokers leaves in ZooKeeper and on disk is taken over by the other.
 */
package io.ottla.app.tools;
