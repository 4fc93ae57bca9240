package io.ottla.app.metrics;

import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import io.ottla.metrics.Metrics.Sample;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot.UnknownDataPointSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The broker's meters as Prometheus reads them, each under exactly the name it was given.
 *
 * <p>A distribution becomes what the JMX exporter makes of Kafka's histograms, since dashboards select by it: a series
 * for each quantile, spelled {@code 0.50, 0.75, 0.95, 0.98, 0.99, 0.999}, and {@code NAME_count}; there is no sum.
 * The series of one name may have different label names. Series of single partitions can be left out as a whole: tens of
 * thousands of them make a scrape long.
 *
 * <p>Thread-safe. Labels are translated once and kept as long as their series lives.
 */
final class BrokerCollector implements MultiCollector {
    private static final String[] QUANTILES = {"0.50", "0.75", "0.95", "0.98", "0.99", "0.999"};
    private static final long NOT_STAMPED = 0;

    private final Metrics metrics;
    private final boolean withPartitions;
    private volatile Map<Labels, Translated> translations = new ConcurrentHashMap<>();

    /** A series' labels in the client's form, and for a distribution those of its quantiles, made when first needed. */
    private static final class Translated {
        private final io.prometheus.metrics.model.snapshots.Labels labels;
        private volatile io.prometheus.metrics.model.snapshots.Labels[] quantiles;

        Translated(Labels from) {
            labels =
                    io.prometheus.metrics.model.snapshots.Labels.of(from.pairs().toArray(String[]::new));
        }

        io.prometheus.metrics.model.snapshots.Labels quantile(int index) {
            io.prometheus.metrics.model.snapshots.Labels[] known = quantiles;
            if (known == null) {
                known = new io.prometheus.metrics.model.snapshots.Labels[QUANTILES.length];
                for (int i = 0; i < known.length; i++) {
                    known[i] = labels.add("quantile", QUANTILES[i]);
                }
                quantiles = known;
            }
            return known[index];
        }
    }

    /** @param withPartitions whether series that have a {@code partition} label are shown */
    BrokerCollector(Metrics metrics, boolean withPartitions) {
        this.metrics = metrics;
        this.withPartitions = withPartitions;
    }

    @Override
    public MetricSnapshots collect() {
        Map<Labels, Translated> kept = new ConcurrentHashMap<>();
        List<MetricSnapshot> snapshots = new ArrayList<>();
        for (Metrics.Family family : metrics.read()) {
            collect(family, kept, snapshots);
        }
        translations = kept;
        return new MetricSnapshots(snapshots);
    }

    private void collect(Metrics.Family family, Map<Labels, Translated> kept, List<MetricSnapshot> snapshots) {
        List<CounterDataPointSnapshot> counts = new ArrayList<>();
        List<GaugeDataPointSnapshot> levels = new ArrayList<>();
        List<UnknownDataPointSnapshot> spreadCounts = new ArrayList<>();
        for (Sample sample : family.samples()) {
            if (!withPartitions && sample.labels().has("partition")) {
                continue;
            }
            Translated labels = translate(sample.labels(), kept);
            switch (sample) {
                case Sample.Count(var _, long value) ->
                    counts.add(new CounterDataPointSnapshot(value, labels.labels, null, NOT_STAMPED));
                case Sample.Level(var _, double value) ->
                    levels.add(new GaugeDataPointSnapshot(value, labels.labels, null));
                case Sample.Spread(var _, var reading) -> {
                    spreadCounts.add(new UnknownDataPointSnapshot(reading.count(), labels.labels, null));
                    double[] values = {
                        reading.p50(), reading.p75(), reading.p95(), reading.p98(), reading.p99(), reading.p999()
                    };
                    for (int i = 0; i < values.length; i++) {
                        levels.add(new GaugeDataPointSnapshot(values[i], labels.quantile(i), null));
                    }
                }
            }
        }
        if (!counts.isEmpty()) {
            snapshots.add(new CounterSnapshot(new MetricMetadata(family.name(), family.help()), counts));
        }
        if (!levels.isEmpty()) {
            snapshots.add(new GaugeSnapshot(new MetricMetadata(family.name(), family.help()), levels));
        }
        if (!spreadCounts.isEmpty()) {
            snapshots.add(
                    new UnknownSnapshot(new MetricMetadata(family.name() + "_count", family.help()), spreadCounts));
        }
    }

    private Translated translate(Labels labels, Map<Labels, Translated> kept) {
        Translated known = kept.get(labels);
        if (known == null) {
            known = translations.get(labels);
            if (known == null) {
                known = new Translated(labels);
            }
            kept.put(labels, known);
        }
        return known;
    }
}
