package io.ottla.console.groups;

import io.ottla.console.lag.GroupKey;
import io.ottla.console.lag.GroupKind;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;

/**
 * A group.
 *
 * @param protocol of a classic group, such as {@code consumer} or {@code connect}; empty where nobody ever joined
 * @param simple whether it only keeps offsets, for clients that assign partitions themselves
 * @param coordinator the broker that runs it; -1 when unknown
 * @param coordinatorAddress as {@code host:port}; empty when unknown
 * @param assignor who shares out the partitions; empty when unknown
 * @param members ordered by client and id
 */
public record Group(
        GroupKey key,
        GroupKind type,
        String protocol,
        GroupState state,
        boolean simple,
        int coordinator,
        String coordinatorAddress,
        String assignor,
        List<Member> members) {
    static final int UNKNOWN = -1;

    public Group {
        members = members.stream()
                .sorted(Comparator.comparing(Member::client).thenComparing(Member::id))
                .toList();
    }

    static Group of(
            String id,
            GroupKind type,
            String protocol,
            GroupState state,
            boolean simple,
            Node coordinator,
            String assignor,
            List<Member> members) {
        boolean known = coordinator != null && !coordinator.isEmpty();
        return new Group(
                GroupKey.of(id),
                type,
                protocol,
                state,
                simple,
                known ? coordinator.id() : UNKNOWN,
                known ? coordinator.host() + ":" + coordinator.port() : "",
                assignor == null ? "" : assignor,
                members);
    }

    /** One of old consumers. */
    static Group inZooKeeper(String id, List<Member> members) {
        return new Group(
                GroupKey.inZooKeeper(id),
                GroupKind.ZOOKEEPER,
                "",
                members.isEmpty() ? GroupState.EMPTY : GroupState.STABLE,
                false,
                UNKNOWN,
                "",
                "",
                members);
    }

    public String id() {
        return key.id();
    }

    /** What its members read; nothing of a streams group, whose tasks have numbers that not each of their topics has. */
    Set<TopicPartition> partitions() {
        Set<TopicPartition> partitions = new HashSet<>();
        if (type != GroupKind.STREAMS) {
            for (Member member : members) {
                member.assignment()
                        .forEach((topic, numbers) ->
                                numbers.forEach(number -> partitions.add(new TopicPartition(topic, number))));
            }
        }
        return partitions;
    }

    /** Whether somebody is in it, so that its offsets are his. */
    public boolean active() {
        return !members.isEmpty() || state != GroupState.EMPTY && state != GroupState.DEAD;
    }

    /** Whether its members can be removed from outside: Kafka's protocol knows that of classic groups of consumers alone. */
    public boolean removable() {
        return type == GroupKind.CLASSIC && protocol.equals("consumer") && !members.isEmpty();
    }
}
