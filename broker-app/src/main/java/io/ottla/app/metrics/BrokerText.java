package io.ottla.app.metrics;

import io.ottla.metrics.Distribution;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The broker's meters in Prometheus' own text format (0.0.4) or OpenMetrics', written straight to the page: what {@link
 * BrokerCollector} gives to the client library, without an object for each series in between, which costs a broker with ten
 * thousand partitions more than a second a scrape. Used for one page; not thread-safe.
 */
final class BrokerText implements Metrics.Reader {
    private static final String PARTITION = "partition";
    private static final byte[] COUNT = "_count".getBytes(StandardCharsets.US_ASCII);
    private static final String TOTAL = "_total";

    /** The counts of a distribution, which are a family of their own behind its quantiles. */
    private record Counted(Labels labels, long count) {}

    private final PageBuffer page;
    private final boolean openMetrics;
    private final boolean withPartitions;
    private final List<Counted> counts = new ArrayList<>();
    private String name = "";
    private byte[] nameBytes = {};
    private String help = "";
    /** Where the present family begins. */
    private int begin;

    /**
     * @param openMetrics whether it is that format
     * @param withPartitions whether series that have a {@code partition} label are shown
     */
    BrokerText(PageBuffer page, boolean openMetrics, boolean withPartitions) {
        this.page = page;
        this.openMetrics = openMetrics;
        this.withPartitions = withPartitions;
    }

    /** Writes all meters. */
    void write(Metrics metrics) {
        metrics.read(this);
        writeCounts();
    }

    @Override
    public void family(String next, String text) {
        writeCounts();
        name = next;
        nameBytes = next.getBytes(StandardCharsets.UTF_8);
        help = text;
        begin = page.length();
    }

    @Override
    public void count(Labels labels, long value) {
        if (isShown(labels)) {
            head("counter");
            series(nameBytes, labels, null);
            page.number(value);
            page.write('\n');
        }
    }

    @Override
    public void level(Labels labels, double value) {
        if (isShown(labels)) {
            head("gauge");
            series(nameBytes, labels, null);
            page.number(value);
            page.write('\n');
        }
    }

    @Override
    public void spread(Labels labels, Distribution.Reading reading) {
        if (!isShown(labels)) {
            return;
        }
        head("gauge");
        quantile(labels, "0.50", reading.p50());
        quantile(labels, "0.75", reading.p75());
        quantile(labels, "0.95", reading.p95());
        quantile(labels, "0.98", reading.p98());
        quantile(labels, "0.99", reading.p99());
        quantile(labels, "0.999", reading.p999());
        counts.add(new Counted(labels, reading.count()));
    }

    private void quantile(Labels labels, String quantile, double value) {
        series(nameBytes, labels, quantile);
        page.number(value);
        page.write('\n');
    }

    @Override
    public void broken() {
        page.cut(begin);
        counts.clear();
    }

    private void writeCounts() {
        if (counts.isEmpty()) {
            return;
        }
        describe(name + "_count", openMetrics ? "unknown" : "untyped");
        for (Counted counted : counts) {
            page.write(nameBytes);
            series(COUNT, counted.labels(), null);
            page.number(counted.count());
            page.write('\n');
        }
        counts.clear();
    }

    private boolean isShown(Labels labels) {
        return withPartitions || !labels.has(PARTITION);
    }

    /** What stands above a family's first series. */
    private void head(String type) {
        if (page.length() == begin) {
            boolean isCounter = type.equals("counter");
            // OpenMetrics knows a counter by its name without the end that its series have.
            describe(
                    openMetrics && isCounter && name.endsWith(TOTAL)
                            ? name.substring(0, name.length() - TOTAL.length())
                            : name,
                    type);
        }
    }

    private void describe(String of, String type) {
        page.text(openMetrics ? "# TYPE " : "# HELP ");
        page.text(of);
        page.write(' ');
        if (openMetrics) {
            page.text(type);
            page.text("\n# HELP ");
            page.text(of);
            page.write(' ');
            page.escaped(help, true);
        } else {
            page.escaped(help, false);
            page.text("\n# TYPE ");
            page.text(of);
            page.write(' ');
            page.text(type);
        }
        page.write('\n');
    }

    /** The series up to its value. */
    private void series(byte[] metric, Labels labels, String quantile) {
        page.write(metric);
        byte[] text = labels.text();
        if (text.length > 0 || quantile != null) {
            page.write('{');
            page.write(text);
            if (quantile != null) {
                page.text(text.length > 0 ? ",quantile=\"" : "quantile=\"");
                page.text(quantile);
                page.write('"');
            }
            page.write('}');
        }
        page.write(' ');
    }
}
