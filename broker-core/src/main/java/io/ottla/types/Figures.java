package io.ottla.types;

import java.util.List;

/**
 * Some metrics of a broker as they stood at one moment.
 *
 * @param version of its software, empty where it is not known
 * @param cpuNs that its process has used since its start, -1 where it is not known
 * @param series in no order
 */
public record Figures(String version, long cpuNs, List<Series> series) {
    /**
     * A series of a metric.
     *
     * @param name such as {@code kafka_server_brokertopicmetrics_bytesin_total}
     * @param labels name, value, name, value, …
     */
    public record Series(String name, List<String> labels, double value) {}

    public Figures {
        series = List.copyOf(series);
    }
}
