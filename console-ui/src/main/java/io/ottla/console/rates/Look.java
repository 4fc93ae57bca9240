package io.ottla.console.rates;

import io.ottla.console.clusters.BrokerFigures.Series;
import io.ottla.console.clusters.BrokerFigures.Told;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What brokers counted at one moment.
 *
 * @param asked topics that they were asked about: one among them without a series had not been used yet, of others nothing is
 *     known
 * @param brokers by id: sums of the series without a topic, by metric
 * @param topics by id and name: what the broker counted of the topic, by metric
 * @param versions by id
 */
record Look(
        Instant at,
        Set<String> asked,
        Map<Integer, Map<String, Double>> brokers,
        Map<Integer, Map<String, Map<String, Double>>> topics,
        Map<Integer, String> versions) {
    static final String BYTES_IN = "kafka_server_brokertopicmetrics_bytesin_total";
    static final String BYTES_OUT = "kafka_server_brokertopicmetrics_bytesout_total";
    static final String MESSAGES_IN = "kafka_server_brokertopicmetrics_messagesin_total";

    private static final String REPLICATION_IN = "kafka_server_brokertopicmetrics_replicationbytesin_total";
    private static final String REPLICATION_OUT = "kafka_server_brokertopicmetrics_replicationbytesout_total";
    private static final String REQUESTS = "kafka_network_requestmetrics_requests_total";
    private static final String CONNECTIONS = "kafka_server_socket_server_metrics_connection_count";
    private static final String CPU = "cpu";
    private static final String UPTIME = "kafka_server_kafkaserver_uptimems";

    static final List<String> NAMES =
            List.of(BYTES_IN, BYTES_OUT, MESSAGES_IN, REPLICATION_IN, REPLICATION_OUT, REQUESTS, CONNECTIONS, UPTIME);

    static Look of(Instant at, Set<String> asked, Map<Integer, Told> told) {
        Map<Integer, Map<String, Double>> brokers = new HashMap<>();
        Map<Integer, Map<String, Map<String, Double>>> topics = new HashMap<>();
        Map<Integer, String> versions = new HashMap<>();
        told.forEach((broker, all) -> {
            Map<String, Map<String, Double>> byTopic = topics.computeIfAbsent(broker, id -> new HashMap<>());
            Map<String, Double> own = brokers.computeIfAbsent(broker, id -> new HashMap<>());
            versions.put(broker, all.version());
            own.put(CPU, all.cpuSeconds());
            for (Series series : all.series()) {
                int topic = series.labels().indexOf("topic");
                if (topic >= 0) {
                    byTopic.computeIfAbsent(series.labels().get(topic + 1), name -> new HashMap<>())
                            .merge(series.name(), series.value(), Double::sum);
                } else {
                    own.merge(series.name(), series.value(), Double::sum);
                }
            }
        });
        return new Look(at, asked, brokers, topics, versions);
    }

    /** What a broker did since an earlier look; what it tells of the moment alone where there was none. */
    BrokerRates broker(int id, Look earlier) {
        Map<String, Double> now = brokers.get(id);
        if (now == null) {
            return BrokerRates.UNKNOWN;
        }
        Map<String, Double> before = earlier == null ? null : earlier.brokers.get(id);
        double seconds = seconds(earlier);
        Double uptime = now.get(UPTIME);
        return new BrokerRates(
                versions.getOrDefault(id, ""),
                uptime == null ? null : Duration.ofMillis(uptime.longValue()),
                rate(BYTES_IN, now, before, seconds),
                rate(BYTES_OUT, now, before, seconds),
                rate(MESSAGES_IN, now, before, seconds),
                rate(REQUESTS, now, before, seconds),
                rate(REPLICATION_IN, now, before, seconds),
                rate(REPLICATION_OUT, now, before, seconds),
                rate(CPU, now, before, seconds),
                now.getOrDefault(CONNECTIONS, Double.NaN));
    }

    /** Whether a broker told in it what it had counted of a topic. */
    boolean knows(int broker, String topic) {
        return asked.contains(topic) && brokers.containsKey(broker);
    }

    /** Whether a broker has counted anything of a topic. */
    boolean counts(int broker, String topic) {
        return topics.getOrDefault(broker, Map.of()).containsKey(topic);
    }

    /** What went through a topic at one broker since an earlier look; unknown unless both know. */
    TopicRates topic(int broker, String name, Look earlier) {
        if (earlier == null || !knows(broker, name) || !earlier.knows(broker, name)) {
            return TopicRates.UNKNOWN;
        }
        Map<String, Double> now = topics.get(broker).getOrDefault(name, Map.of());
        Map<String, Double> before = earlier.topics.get(broker).getOrDefault(name, Map.of());
        double seconds = seconds(earlier);
        return new TopicRates(
                grown(now.getOrDefault(BYTES_IN, 0.0), before.getOrDefault(BYTES_IN, 0.0), seconds),
                grown(now.getOrDefault(BYTES_OUT, 0.0), before.getOrDefault(BYTES_OUT, 0.0), seconds),
                grown(now.getOrDefault(MESSAGES_IN, 0.0), before.getOrDefault(MESSAGES_IN, 0.0), seconds));
    }

    private double seconds(Look earlier) {
        return earlier == null ? 0 : Duration.between(earlier.at, at).toMillis() / 1e3;
    }

    /** Not a number where there was no earlier look, or the counter began anew. */
    private static double rate(String name, Map<String, Double> now, Map<String, Double> before, double seconds) {
        Double end = now.get(name);
        return end == null || before == null ? Double.NaN : grown(end, before.getOrDefault(name, 0.0), seconds);
    }

    private static double grown(double end, double begin, double seconds) {
        return end >= begin && seconds > 0 ? (end - begin) / seconds : Double.NaN;
    }
}
