package io.ottla.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.ObjDoubleConsumer;
import java.util.function.ToDoubleFunction;

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

    /**
     * As above, for gauges of many things of one kind: one that can't be read is not a number, and hides no other.
     *
     * @param listed gives each thing of the moment, with its labels, to what it is called with
     */
    public <T> void levels(
            String name, String help, Consumer<BiConsumer<Labels, T>> listed, ToDoubleFunction<T> value) {
        levels(name, help, to -> listed.accept((labels, of) -> to.accept(labels, level(value, of))));
    }

    private static <T> double level(ToDoubleFunction<T> value, T of) {
        try {
            return value.applyAsDouble(of);
        } catch (RuntimeException broken) {
            return Double.NaN;
        }
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

    /** Told everything as it stands, family by family; what a family has may have come and gone meanwhile. */
    public interface Reader {
        /** The series of another name follow. Of a kind, count, level or spread, all of them. */
        void family(String name, String help);

        void count(Labels labels, long value);

        void level(Labels labels, double value);

        void spread(Labels labels, Distribution.Reading reading);

        /** The rest of the present family can't be read: what was told of it does not count. */
        void broken();
    }

    /** Everything as it stands now, by name. Nothing is put in between, so that tens of thousands of series are read fast. */
    public void read(Reader reader) {
        families.forEach((name, series) -> read(name, series, reader));
    }

    /** The same of one name; tells nothing where there is no such metric. */
    public void read(String name, Reader reader) {
        Series series = families.get(name);
        if (series != null) {
            read(name, series, reader);
        }
    }

    private static void read(String name, Series series, Reader reader) {
        reader.family(name, series.help);
        series.meters.forEach((labels, meter) -> {
            switch (meter) {
                case Meter.Counting(Counter counter) -> reader.count(labels, counter.value());
                case Meter.Gauging(DoubleSupplier value) -> reader.level(labels, level(value));
                case Meter.Spreading(Distribution distribution) -> reader.spread(labels, distribution.read());
            }
        });
        list(series, reader);
    }

    /** As with a gauge, what fails hides no other family. */
    private static void list(Series series, Reader reader) {
        try {
            series.listed.accept(reader::level);
        } catch (RuntimeException broken) {
            reader.broken();
        }
    }

    /** Everything as it stands now, by name; without families that have no series. */
    public List<Family> read() {
        List<Family> all = new ArrayList<>();
        read(new Reader() {
            private List<Sample> samples = List.of();

            @Override
            public void family(String name, String help) {
                samples = new ArrayList<>();
                all.add(new Family(name, help, samples));
            }

            @Override
            public void count(Labels labels, long value) {
                samples.add(new Sample.Count(labels, value));
            }

            @Override
            public void level(Labels labels, double value) {
                samples.add(new Sample.Level(labels, value));
            }

            @Override
            public void spread(Labels labels, Distribution.Reading reading) {
                samples.add(new Sample.Spread(labels, reading));
            }

            @Override
            public void broken() {
                samples.clear();
            }
        });
        all.removeIf(family -> family.samples().isEmpty());
        return all;
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
