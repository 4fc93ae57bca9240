package io.ottla.coordinator.group;

import java.util.List;

/**
 * A classic group as it is stored: at the end of each rebalance, and when it becomes empty.
 *
 * @param protocolType {@code consumer}, {@code connect} …; empty for a group that only commits offsets
 * @param protocol the chosen one; null in an empty group
 * @param leader the leader's member id; null in an empty group
 * @param stateTimestampMs when it took up its state; -1 where that is not known
 */
public record StoredGroup(
        String protocolType,
        int generation,
        String protocol,
        String leader,
        long stateTimestampMs,
        List<StoredMember> members) {
    public StoredGroup {
        members = List.copyOf(members);
    }
}
