/**
 * Judges a history: what clients were told against what consumers saw. Pure: the same history always gets the same verdict,
 * and nothing here asks a broker, a file or a clock. Source of what counts: the kafka workload of Jepsen, whose rules are put in our own
 * words in {@link io.ottla.chaos.checker.Anomaly}.
 */
package io.ottla.chaos.checker;
