package io.ottla.console.clusters;

import java.util.List;
import java.util.Map;

/** Metrics of all brokers of the cluster beside the console, as they stand now. The process implements it. */
public interface BrokerFigures {
    /**
     * A series of a metric.
     *
     * @param labels name, value, name, value, …
     */
    record Series(String name, List<String> labels, double value) {}

    /**
     * What a broker tells.
     *
     * @param version of its software, empty where it does not know
     * @param cpuSeconds that its process has used since its start; not a number where it does not know
     */
    record Told(String version, double cpuSeconds, List<Series> series) {}

    /**
     * Asks all live brokers. Blocks for some seconds at most.
     *
     * @param names of metrics
     * @param topics whose series are told of those by topic
     * @return by broker; one that does not answer is left out
     */
    Map<Integer, Told> of(List<String> names, List<String> topics);
}
