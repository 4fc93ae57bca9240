package io.ottla.metrics;

/**
 * How values spread: count and quantiles, to less than a hundredth of a value. Recording is thread-safe, and neither waits
 * nor, but for the first value of a size, allocates. Quantiles are of everything since the reading before the last one,
 * so that they follow the present.
 */
public final class Distribution {
    /** What a reading shows. */
    public record Reading(long count, double p50, double p75, double p95, double p98, double p99, double p999) {}

    private final double scale;
    private final ValueCounts counts = new ValueCounts();
    private ValueCounts.Snapshot last = ValueCounts.Snapshot.NONE;
    private ValueCounts.Snapshot beforeLast = ValueCounts.Snapshot.NONE;

    /** @param scale what a reading multiplies recorded values with, for values recorded in finer units */
    Distribution(double scale) {
        this.scale = scale;
    }

    /** @param value 0 or more; less counts as 0 */
    public void record(long value) {
        counts.add(Math.max(0, value));
    }

    /** Closes the present interval and shows it together with the one before. */
    public synchronized Reading read() {
        ValueCounts.Snapshot now = counts.read();
        ValueCounts.Snapshot shown = now.since(beforeLast);
        beforeLast = last;
        last = now;
        long of = shown.total();
        return new Reading(
                now.total(),
                at(shown, of, 0.5),
                at(shown, of, 0.75),
                at(shown, of, 0.95),
                at(shown, of, 0.98),
                at(shown, of, 0.99),
                at(shown, of, 0.999));
    }

    private double at(ValueCounts.Snapshot shown, long of, double share) {
        return of == 0 ? 0 : shown.ranked(Math.max(1, (long) Math.ceil(share * of))) * scale;
    }
}
