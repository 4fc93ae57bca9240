/**
 * Moving replicas between brokers, as arithmetic: who should hold what ({@link io.ottla.console.moves.Planner}), what
 * that changes and costs ({@link io.ottla.console.moves.Difference}), how even it is
 * ({@link io.ottla.console.clusters.Spread}), how far a running move has come ({@link io.ottla.console.moves.Progress}),
 * and the file of {@code kafka-reassign-partitions} ({@link io.ottla.console.moves.AssignmentFile}).
 *
 * <p>Owner thread: any. All is pure: no input or output, no clock, no chance; what goes in alone decides what comes out.
 *
 * <p>May import: the records of {@code clusters}, {@code words}, {@code TopicPartition} of kafka-clients, Jackson; no Spring.
 */
package io.ottla.console.moves;
