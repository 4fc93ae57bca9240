package io.ottla.app.metrics;

import io.ottla.console.lag.LagLoad;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;

/** What the console's collecting of lag costs. Thread-safe. */
final class LagCollectorMeters implements MultiCollector {
    private final LagLoad load;

    LagCollectorMeters(LagLoad load) {
        this.load = load;
    }

    @Override
    public MetricSnapshots collect() {
        return new MetricSnapshots(List.of(
                counter(
                        "ottla_console_lag_calls",
                        "Batched questions that collecting the lag of groups asked the cluster",
                        (double) load.calls()),
                CounterSnapshot.builder()
                        .name("ottla_console_lag_samples")
                        .help("Samples of the lag of all groups that were taken, or failed")
                        .dataPoint(samples("taken", (double) load.samples()))
                        .dataPoint(samples("failed", (double) load.failures()))
                        .build(),
                counter("ottla_console_lag_seconds", "Seconds that samples of lag took", load.seconds()),
                counter(
                        "ottla_console_lag_written_bytes",
                        "Bytes of samples that were written, before compression",
                        (double) load.bytes()),
                gauge("ottla_console_lag_groups", "Groups in the last sample", load.groups()),
                gauge("ottla_console_lag_partitions", "Offsets of groups in the last sample", load.partitions())));
    }

    private static CounterSnapshot.CounterDataPointSnapshot samples(String outcome, double count) {
        return CounterSnapshot.CounterDataPointSnapshot.builder()
                .value(count)
                .labels(Labels.of("outcome", outcome))
                .build();
    }

    private static CounterSnapshot counter(String name, String help, double value) {
        return CounterSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                        .value(value)
                        .build())
                .build();
    }

    private static GaugeSnapshot gauge(String name, String help, double value) {
        return GaugeSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                        .value(value)
                        .build())
                .build();
    }
}
