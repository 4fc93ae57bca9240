package io.ottla.replication;

import io.ottla.metrics.Counter;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;

/** What followers here fetch: Kafka's {@code ReplicaFetcherManager}, {@code FetcherStats} and replication rates. */
final class ReplicationMeter {
    private final Counter requests;
    private final Counter bytes;

    ReplicationMeter(Metrics metrics) {
        requests = metrics.counter(
                "kafka_server_fetcherstats_requests_total", "Answers to fetches of followers here", Labels.NONE);
        bytes = metrics.counter("kafka_server_fetcherstats_bytes_total", "Bytes of records in them", Labels.NONE);
    }

    /** Shows what is read when it is asked for. */
    static void show(
            Metrics metrics, ReplicaFetchers fetchers, ReplicationThrottle sending, ReplicationThrottle fetching) {
        metrics.gauge(
                "kafka_server_replicafetchermanager_maxlag",
                "Committed records that the follower here lacks that lags most",
                Labels.of("clientId", "Replica"),
                fetchers::maxLag);
        metrics.gauge(
                "kafka_server_replicafetchermanager_minfetchrate",
                "Answers a second of the connection to a leader that gets fewest",
                Labels.of("clientId", "Replica"),
                fetchers::minRate);
        metrics.gauge(
                "kafka_server_leaderreplication_byte_rate",
                "Bytes a second that leaders here send of throttled replicas",
                Labels.NONE,
                sending::rate);
        metrics.gauge(
                "kafka_server_followerreplication_byte_rate",
                "Bytes a second that followers here fetch of throttled replicas",
                Labels.NONE,
                fetching::rate);
    }

    void answered() {
        requests.increment();
    }

    void fetched(int count) {
        bytes.add(count);
    }
}
