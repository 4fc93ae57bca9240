package io.ottla.console.clusters;

import java.util.List;

/**
 * A partition of a topic.
 *
 * @param leader the broker that leads it, or {@link #NO_LEADER}
 * @param replicas brokers in the order of assignment: the first is the preferred leader
 * @param inSync those that are in sync
 */
public record Partition(int id, int leader, List<Integer> replicas, List<Integer> inSync) {
    public static final int NO_LEADER = -1;

    public boolean offline() {
        return leader == NO_LEADER;
    }

    public boolean underReplicated() {
        return inSync.size() < replicas.size();
    }
}
