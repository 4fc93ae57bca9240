package io.ottla.replication;

import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import java.util.concurrent.ConcurrentHashMap;

/** The meters of all topics that have partitions here, and of all together. Thread-safe. */
public final class TopicMeters {
    private final Metrics metrics;
    private final TopicMeter all;
    private final ConcurrentHashMap<String, TopicMeter> byTopic = new ConcurrentHashMap<>();

    public TopicMeters(Metrics metrics) {
        this.metrics = metrics;
        this.all = new TopicMeter(metrics, Labels.NONE, null);
    }

    /** What is counted without a topic: requests for topics that nobody knows. */
    public TopicMeter all() {
        return all;
    }

    TopicMeter of(String topic) {
        return byTopic.computeIfAbsent(topic, name -> new TopicMeter(metrics, Labels.of("topic", name), all));
    }

    /** The topic's last partition has left this broker. */
    void drop(String topic) {
        if (byTopic.remove(topic) != null) {
            Labels labels = Labels.of("topic", topic);
            for (String name : TopicMeter.NAMES) {
                metrics.remove(TopicMeter.PREFIX + name + "_total", labels);
            }
        }
    }
}
