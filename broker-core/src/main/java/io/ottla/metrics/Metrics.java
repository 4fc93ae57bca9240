package io.ottla.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.ObjDoubleConsumer;

/**
 * All meters of a broker, under the names that dashboards for Kafka expect, spelled as Prometheus spells them
 * ({@code kafka_server_brokertopicmetrics_bytesin_total}). One name may have series with different label names, as
 * those dashboards need (with and without {@code topic}). Thread-safe. Look a meter up once and keep it; lookups are
 * not for the hot path.
 */
public final class Metrics {
    /** A series as it stands now. */
    public sealed interface Sample {
        Labels labels();

        record Count(Labels labels, long value) implements Sample {}

        record Level(Labels labels, double value) implements Sample {}

        record Spread(Labels labels, Distribution.Reading reading) implements Sample {}
    }

    /** All series of one name. */
    public record Family(String name, String help, List<Sample> samples) {}

    private sealed interface Meter {
        record Counting(Counter counter) implements Meter {}

        record Gauging(DoubleSupplier value) implements Meter {}

        record Spreading(Distribution distribution) implements Meter {}
    }

    /** @param listed tells the levels of series that are not among the meters */
    private record Series(String help, Map<Labels, Meter> meters, Consumer<ObjDoubleConsumer<Labels>> listed) {}

    private final ConcurrentSkipListMap<String, Series> families = new ConcurrentSkipListMap<>();

    /** The counter of that name and those labels, made on first use. The name ends in {@code _total}. */
    public Counter counter(String name, String help, Labels labels) {
        Meter meter = series(name, help).meters.computeIfAbsent(labels, l -> new Meter.Counting(new Counter()));
        if (meter instanceof Meter.Counting counting) {
            return counting.counter;
        }
        throw new IllegalArgumentException("Expected " + name + " to be a counter, but it is another kind of meter");
    }

    /** Puts a gauge in place; it takes the place of one that was there. */
    public void gauge(String name, String help, Labels labels, DoubleSupplier value) {
        series(name, help).meters.put(labels, new Meter.Gauging(value));
    }

    /**
     * Puts a family of gauges in place whose series are listed anew at each reading: those that come and go with what
     * this broker leads. It takes the place of one that was there.
     *
     * @param listed gives each series of the moment to what it is called with
     */
    public void levels(String name, String help, Consumer<ObjDoubleConsumer<Labels>> listed) {
        families.put(name, new Series(help, new ConcurrentHashMap<>(), listed));
    }

    /** The distribution of that name and those labels, made on first use; values are shown as recorded. */
    public Distribution distribution(String name, String help, Labels labels) {
        return distribution(name, help, labels, 1);
    }

    /** As above, for values that are recorded in a finer unit than shown: 1e-6 for nanoseconds shown as ms. */
    public Distribution distribution(String name, String help, Labels labels, double scale) {
        Meter meter =
                series(name, help).meters.computeIfAbsent(labels, l -> new Meter.Spreading(new Distribution(scale)));
        if (meter instanceof Meter.Spreading spreading) {
            return spreading.distribution;
        }
        throw new IllegalArgumentException(
                "Expected " + name + " to be a distribution, but it is another kind of meter");
    }

    /** Takes a series away: its topic or partition has left this broker. */
    public void remove(String name, Labels labels) {
        Series series = families.get(name);
        if (series != null) {
            series.meters.remove(labels);
        }
    }

    /** Everything as it stands now, by name. */
    public List<Family> read() {
        List<Family> all = new ArrayList<>();
        families.forEach((name, series) -> {
            List<Sample> samples = new ArrayList<>();
            series.meters.forEach((labels, meter) -> samples.add(sample(labels, meter)));
            list(series, samples);
            if (!samples.isEmpty()) {
                all.add(new Family(name, series.help, samples));
            }
        });
        return all;
    }

    /** All series of one name as they stand now; none where there is no such metric. */
    public List<Sample> read(String name) {
        Series series = families.get(name);
        if (series == null) {
            return List.of();
        }
        List<Sample> samples = new ArrayList<>();
        series.meters.forEach((labels, meter) -> samples.add(sample(labels, meter)));
        list(series, samples);
        return samples;
    }

    /** As with a gauge, what fails hides no other family. */
    private static void list(Series series, List<Sample> samples) {
        try {
            series.listed.accept((labels, value) -> samples.add(new Sample.Level(labels, value)));
        } catch (RuntimeException broken) {
            samples.clear();
        }
    }

    private static Sample sample(Labels labels, Meter meter) {
        return switch (meter) {
            case Meter.Counting(Counter counter) -> new Sample.Count(labels, counter.value());
            case Meter.Gauging(DoubleSupplier value) -> new Sample.Level(labels, level(value));
            case Meter.Spreading(Distribution distribution) -> new Sample.Spread(labels, distribution.read());
        };
    }

    /** Not a number where what the gauge looks at fails, so that one broken gauge hides no other. */
    private static double level(DoubleSupplier value) {
        try {
            return value.getAsDouble();
        } catch (RuntimeException broken) {
            return Double.NaN;
        }
    }

    private Series series(String name, String help) {
        return families.computeIfAbsent(name, n -> new Series(help, new ConcurrentHashMap<>(), levels -> {}));
    }
}
