package io.ottla.replication;

import io.ottla.metrics.Counter;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import java.util.concurrent.ConcurrentHashMap;

/** The meters of all topics that have partitions here, and what is counted for all topics alone. Thread-safe. */
public final class TopicMeters {
    private final Metrics metrics;
    private final TopicMeter all;
    private final ConcurrentHashMap<String, TopicMeter> byTopic = new ConcurrentHashMap<>();
    private final Counter invalidCrc;
    private final Counter invalidMagic;
    private final Counter invalidSequence;
    private final Counter noKey;

    public TopicMeters(Metrics metrics) {
        this.metrics = metrics;
        this.all = new TopicMeter(metrics, Labels.NONE, null);
        invalidCrc = counter("invalidmessagecrcrecords", "Batches refused because their checksum does not match");
        invalidMagic = counter("invalidmagicnumberrecords", "Batches refused because of their format version");
        invalidSequence = counter(
                "invalidoffsetorsequencerecords", "Batches refused because of their offsets or sequence numbers");
        noKey = counter("nokeycompactedtopicrecords", "Batches without keys refused by compacted topics");
    }

    private Counter counter(String name, String help) {
        return metrics.counter(TopicMeter.PREFIX + name + "_total", help, Labels.NONE);
    }

    /** What is counted without a topic: requests for topics that nobody knows. */
    public TopicMeter all() {
        return all;
    }

    public void invalidCrc() {
        invalidCrc.increment();
    }

    public void invalidMagic() {
        invalidMagic.increment();
    }

    public void invalidSequence() {
        invalidSequence.increment();
    }

    public void noKey() {
        noKey.increment();
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
