package io.ottla.console.moves;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * What a file of {@code kafka-reassign-partitions} says.
 *
 * @param folders the log folder of each replica, in the order of the replicas, {@link #ANY} where the broker may choose;
 *     only partitions that name at least one folder
 */
public record AssignmentFile(Assignment assignment, NavigableMap<TopicPartition, List<String>> folders) {
    public static final String ANY = "any";

    public AssignmentFile(Assignment assignment) {
        this(assignment, Map.of());
    }

    public AssignmentFile(Assignment assignment, Map<TopicPartition, List<String>> folders) {
        this(assignment, sorted(folders));
    }

    public AssignmentFile {
        folders.forEach((partition, paths) -> {
            if (paths.size() != assignment.of(partition).size()) {
                throw new IllegalArgumentException("Expected as many folders as replicas of " + partition + ", "
                        + assignment.of(partition) + ", but got " + paths);
            }
        });
        folders = Collections.unmodifiableNavigableMap(folders);
    }

    private static NavigableMap<TopicPartition, List<String>> sorted(Map<TopicPartition, List<String>> folders) {
        NavigableMap<TopicPartition, List<String>> sorted = new TreeMap<>(Assignment.ORDER);
        folders.forEach((partition, paths) -> {
            if (paths.stream().anyMatch(path -> !path.equals(ANY))) {
                sorted.put(partition, List.copyOf(paths));
            }
        });
        return sorted;
    }
}
