package io.ottla.coordinator.group.assign;

import java.util.Map;

/**
 * Shares the partitions of topics out among the members of a group (KIP-848). Pure: the same input always has the same
 * answer, whatever the order of maps. Thread-safe.
 */
public interface GroupAssignor {
    /** As members ask for it and as {@code group.consumer.assignors} names it: {@code uniform}, {@code range}. */
    String name();

    /**
     * The target of each member. Gives each partition of a topic that somebody subscribes to to one member that
     * subscribes to it.
     *
     * @return by member id: every member of the input, with {@link Assignment#NONE} where nothing is left for it
     */
    Map<String, Assignment> assign(AssignorInput input);
}
