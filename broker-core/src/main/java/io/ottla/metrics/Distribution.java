package io.ottla.metrics;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * How values spread: count and quantiles, to two significant digits. Recording is thread-safe and does not allocate.
 * Quantiles are of everything since the reading before the last one, so that they follow the present.
 */
public final class Distribution {
    /** What a reading shows. */
    public record Reading(long count, double p50, double p75, double p95, double p98, double p99, double p999) {}

    private final double scale;
    private final Recorder recorder = new Recorder(2);
    private Histogram latest;
    private Histogram previous;
    private long count;

    /** @param scale what a reading multiplies recorded values with, for values recorded in finer units */
    Distribution(double scale) {
        this.scale = scale;
    }

    /** @param value 0 or more; less counts as 0 */
    public void record(long value) {
        recorder.recordValue(Math.max(0, value));
    }

    /** Closes the present interval and shows it together with the one before. */
    public synchronized Reading read() {
        Histogram recycled = previous;
        previous = latest;
        latest = recorder.getIntervalHistogram(recycled);
        count += latest.getTotalCount();
        Histogram shown = latest;
        if (previous != null) {
            shown = latest.copy();
            shown.add(previous);
        }
        return new Reading(
                count, at(shown, 50), at(shown, 75), at(shown, 95), at(shown, 98), at(shown, 99), at(shown, 99.9));
    }

    private double at(Histogram histogram, double percentile) {
        return histogram.getTotalCount() == 0 ? 0 : histogram.getValueAtPercentile(percentile) * scale;
    }
}
