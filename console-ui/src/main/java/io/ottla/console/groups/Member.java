package io.ottla.console.groups;

import java.util.List;
import java.util.Map;

/**
 * A member of a group.
 *
 * @param instance its static id; empty where it has none
 * @param rack empty where it has none
 * @param assignment partitions by topic; of a streams group tasks by subtopology
 */
public record Member(
        String id, String instance, String client, String host, String rack, Map<String, List<Integer>> assignment) {
    /** How many partitions it has. */
    public int assigned() {
        return assignment.values().stream().mapToInt(List::size).sum();
    }
}
