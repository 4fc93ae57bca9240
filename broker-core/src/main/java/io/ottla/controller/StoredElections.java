package io.ottla.controller;

import io.ottla.types.TopicPartition;
import java.util.Set;

/**
 * Partitions whose preferred replicas are to lead because somebody wrote so into
 * {@code /admin/preferred_replica_election}.
 *
 * @param partitions empty also where nobody can read which
 * @param version the node's; -1 where there is none
 */
public record StoredElections(Set<TopicPartition> partitions, int version) {
    /** Nobody asks for anything. */
    public static final StoredElections NONE = new StoredElections(Set.of(), -1);

    /** Whether the node is there: whoever wrote it waits for it to go. */
    public boolean isThere() {
        return version >= 0;
    }
}
