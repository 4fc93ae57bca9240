package io.ottla.console.clusters;

import io.ottla.console.words.Wording;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.KafkaException;

/**
 * How Kafka's clients reach a cluster: what all of them are told alike.
 *
 * @param reach asked whenever a client is made
 * @param timeout after which an unanswered call fails
 */
record ClientConnection(Supplier<Reach> reach, Duration timeout) {
    static final String CLIENT_ID = "ottla-console";

    /** Somebody waits. The client takes asking for a classic group after there is no new one of that name for a retry, too. */
    private static final long RETRY_MS = 20;

    /**
     * Makes a client.
     *
     * @param own settings of its kind; those of the cluster come on top
     * @throws ClusterFailure where what is set does not say how to reach the cluster
     */
    <T> T connect(Map<String, Object> own, Function<Map<String, Object>, T> client) {
        Reach reached = reach.get();
        Map<String, Object> all = new HashMap<>();
        all.put(CommonClientConfigs.CLIENT_ID_CONFIG, CLIENT_ID);
        all.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, Math.toIntExact(timeout.toMillis() / 2));
        all.put(CommonClientConfigs.RETRY_BACKOFF_MS_CONFIG, RETRY_MS);
        all.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        all.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
        all.putAll(own);
        all.putAll(reached.settings());
        all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, reached.bootstrap());
        try {
            return client.apply(all);
        } catch (KafkaException unusable) {
            Throwable why = unusable.getCause() == null ? unusable : unusable.getCause();
            throw new ClusterFailure(
                    ClusterFailure.Reason.FAILED,
                    Wording.of("failure.unusable-settings", reached.bootstrap(), String.valueOf(why.getMessage())),
                    unusable);
        }
    }

    static ClusterFailure closing() {
        return new ClusterFailure(ClusterFailure.Reason.NO_ANSWER, Wording.of("failure.closing"));
    }
}
