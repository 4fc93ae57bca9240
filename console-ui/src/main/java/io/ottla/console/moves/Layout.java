package io.ottla.console.moves;

import io.ottla.console.clusters.ClusterPicture;
import io.ottla.console.clusters.Topic;
import java.util.Collection;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/**
 * What a plan starts from.
 *
 * @param assignment that of the whole cluster
 * @param racks the live brokers and their racks; empty for one without, which then counts as a rack of its own
 * @param bytes size of a partition, that of its largest replica; one that is not there counts as 0
 */
public record Layout(Assignment assignment, NavigableMap<Integer, String> racks, Map<TopicPartition, Long> bytes) {
    public static Layout of(Collection<Topic> topics, ClusterPicture cluster, Map<TopicPartition, Long> bytes) {
        NavigableMap<Integer, String> racks = new TreeMap<>();
        cluster.brokers().forEach(broker -> racks.put(broker.id(), broker.rack()));
        return new Layout(Assignment.of(topics), racks, bytes);
    }

    public NavigableSet<Integer> live() {
        return racks.navigableKeySet();
    }

    /** Topics of which any of these brokers holds something. */
    public NavigableSet<String> topicsOn(Collection<Integer> brokers) {
        NavigableSet<String> topics = new TreeSet<>();
        assignment.replicas().forEach((partition, replicas) -> {
            if (replicas.stream().anyMatch(brokers::contains)) {
                topics.add(partition.topic());
            }
        });
        return topics;
    }

    long bytesOf(TopicPartition partition) {
        return Math.max(0, bytes.getOrDefault(partition, 0L));
    }
}
