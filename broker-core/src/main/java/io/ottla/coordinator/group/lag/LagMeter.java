package io.ottla.coordinator.group.lag;

import io.ottla.metrics.Metrics;

/**
 * How far groups are behind, under the names of two exporters beside Kafka: kafka_exporter's, and those of Lightbend's lag
 * exporter, which knows times too. Those are scraped for a whole cluster: here a group is shown by its coordinator alone, so
 * that sums over brokers stay right.
 */
public final class LagMeter {
    private LagMeter() {}

    /** Adds these series to the others. */
    public static void show(LagRounds rounds, Metrics metrics) {
        for (LagSeries.Name name : LagSeries.Name.values()) {
            metrics.levels(name.metric(), name.help(), to -> rounds.read().list(name, to));
        }
    }
}
