package io.ottla.controller;

import io.ottla.types.BrokerId;
import io.ottla.types.TopicPartition;
import java.util.List;
import java.util.Map;

/**
 * Where partitions are to move because somebody wrote so into {@code /admin/reassign_partitions}.
 *
 * @param targets for each partition the replicas it is to have; empty also where nobody can read what is wanted
 * @param version the node's; -1 where there is none
 */
public record StoredReassignments(Map<TopicPartition, List<BrokerId>> targets, int version) {
    /** Nobody asks for anything. */
    public static final StoredReassignments NONE = new StoredReassignments(Map.of(), -1);

    /** Whether the node is there: whoever wrote it waits for it to go. */
    public boolean isThere() {
        return version >= 0;
    }
}
