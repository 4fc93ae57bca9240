/**
 * What the console knows of a cluster and asks of it: the port {@link io.ottla.console.clusters.Cluster}, and its one
 * implementation over Kafka's public Admin client.
 *
 * <p>Owner thread: any; the calls block, so they belong on virtual threads.
 *
 * <p>May import: kafka-clients; no Spring, no other package of the console.
 */
package io.ottla.console.clusters;
