package io.ottla.coordinator.group.assign;

import io.ottla.types.TopicId;
import java.util.Map;
import java.util.Set;

/**
 * What an assignor decides on. Immutable.
 *
 * @param members by member id; of static members the id is that of the present incarnation
 * @param topics all that somebody subscribes to and that exist; subscriptions name no others
 */
public record AssignorInput(Map<String, Member> members, Map<TopicId, Topic> topics) {
    public AssignorInput {
        members = Map.copyOf(members);
        topics = Map.copyOf(topics);
    }

    /**
     * A member of the group.
     *
     * @param instanceId of a static member, which outlives member ids: what to order by where order matters; null for
     *     none
     * @param rack where it runs; null where it does not say
     * @param subscribed topics that it reads; members with equal subscriptions share one object
     * @param current its target so far; may hold partitions and topics that are gone or no longer subscribed to
     */
    public record Member(String instanceId, String rack, Set<TopicId> subscribed, Assignment current) {}

    /** A topic that is subscribed to. */
    public interface Topic {
        String name();

        /** Partitions are numbered from 0. */
        int partitions();

        /** Where replicas of a partition are; empty where brokers have no racks. */
        Set<String> racks(int partition);
    }

    /** Whether all members subscribe to the same topics. */
    public boolean isHomogeneous() {
        Set<TopicId> first = null;
        for (Member member : members.values()) {
            if (first == null) {
                first = member.subscribed();
            } else if (!first.equals(member.subscribed())) {
                return false;
            }
        }
        return true;
    }
}
