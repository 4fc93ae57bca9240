package io.ottla.replication;

import io.ottla.metrics.Metrics;
import io.ottla.types.TopicId;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The topics of which this broker holds partitions, with what is shown of each. Changed on the metadata thread, read by any. */
final class HostedTopics {
    private final TopicMeters meters;
    private final ConcurrentHashMap<String, HostedTopic> byName = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<TopicId, HostedTopic> byId = new ConcurrentHashMap<>();

    HostedTopics(Metrics metrics) {
        this.meters = new TopicMeters(metrics);
        PartitionMeter.show(metrics, this);
    }

    TopicMeters meters() {
        return meters;
    }

    /** Null where there is none. */
    HostedTopic find(String name) {
        return byName.get(name);
    }

    /** Null where there is none. */
    HostedTopic find(TopicId id) {
        return byId.get(id);
    }

    Collection<HostedTopic> all() {
        return byName.values();
    }

    void each(Consumer<Partition> consumer) {
        byName.values().forEach(topic -> topic.each(consumer));
    }

    /** The topic of that name; made where it is none yet. */
    HostedTopic host(String name, TopicId id) {
        HostedTopic known = byName.get(name);
        if (known != null) {
            return known;
        }
        HostedTopic hosted = new HostedTopic(name, id, meters.of(name));
        byName.put(name, hosted);
        if (!id.isZero()) {
            byId.put(id, hosted);
        }
        return hosted;
    }

    void put(HostedTopic topic, Partition partition) {
        topic.put(partition.name().partition(), partition);
    }

    /** Null where it is not here. The topic goes with its last partition. */
    Partition remove(HostedTopic topic, int number) {
        Partition removed = topic.remove(number);
        if (removed == null) {
            return null;
        }
        if (topic.isEmpty()) {
            byName.remove(topic.name(), topic);
            byId.remove(topic.id(), topic);
            meters.drop(topic.name());
        }
        return removed;
    }
}
