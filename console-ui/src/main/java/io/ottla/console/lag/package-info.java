/**
 * How far groups are behind: reading it, sampling it for all groups of a cluster, and the history of the samples.
 *
 * <p>One console of a cluster collects: the one beside the controller. It writes what changed to a topic of that cluster,
 * which the consoles of all brokers read while somebody looks. Of a cluster that is not beside the console the samples live
 * in memory while somebody looks.
 *
 * <p>Owner thread: one of its own for each collector and each reader; {@link io.ottla.console.lag.LagHistory} is shared.
 *
 * <p>May import: kafka-clients, Spring's lifecycle; of the console {@code clusters}, {@code oldconsumers} and {@code words}.
 */
package io.ottla.console.lag;
