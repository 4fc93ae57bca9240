package io.ottla.console.moves;

import io.ottla.console.clusters.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/**
 * Brokers × partitions, to be drawn.
 *
 * @param brokers the columns, ordered; also such as hold nothing
 * @param rows ordered by topic and partition
 */
public record Distribution(List<Integer> brokers, List<Row> rows) {
    /** What a broker is to a partition. */
    public enum Role {
        NONE,
        FOLLOWER,
        LEADER
    }

    /** @param roles one for each broker, in their order */
    public record Row(TopicPartition partition, List<Role> roles) {}

    private record Held(TopicPartition partition, List<Integer> replicas, int leader) {}

    /** With the leaders that there are. */
    public static Distribution of(Topic topic, Set<Integer> brokers) {
        return of(
                topic.partitions().stream()
                        .map(partition -> new Held(
                                new TopicPartition(topic.name(), partition.id()),
                                partition.replicas(),
                                partition.leader()))
                        .toList(),
                brokers);
    }

    /** With preferred leaders, such as it will be. */
    public static Distribution of(Assignment assignment, Set<Integer> brokers) {
        return of(
                assignment.replicas().entrySet().stream()
                        .map(entry -> new Held(
                                entry.getKey(),
                                entry.getValue(),
                                entry.getValue().getFirst()))
                        .toList(),
                brokers);
    }

    private static Distribution of(List<Held> partitions, Set<Integer> wanted) {
        Set<Integer> brokers = new TreeSet<>(wanted);
        partitions.forEach(partition -> brokers.addAll(partition.replicas()));
        List<Row> rows = new ArrayList<>(partitions.size());
        for (Held held : partitions) {
            rows.add(new Row(
                    held.partition(),
                    brokers.stream().map(broker -> role(held, broker)).toList()));
        }
        return new Distribution(List.copyOf(brokers), List.copyOf(rows));
    }

    private static Role role(Held held, int broker) {
        if (!held.replicas().contains(broker)) {
            return Role.NONE;
        }
        return held.leader() == broker ? Role.LEADER : Role.FOLLOWER;
    }
}
