package io.ottla.console.lag;

import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;

/**
 * A group in one line.
 *
 * @param protocol of a classic group, such as {@code consumer} or {@code connect}; empty where nobody ever joined
 * @param state of one in ZooKeeper unknown until somebody counts its members
 */
public record ListedGroup(GroupKey key, GroupKind kind, String protocol, GroupState state) {
    public static ListedGroup of(GroupListing listing) {
        return new ListedGroup(
                GroupKey.of(listing.groupId()),
                GroupKind.of(listing.type().orElse(GroupType.UNKNOWN)),
                listing.protocol(),
                listing.groupState().orElse(GroupState.UNKNOWN));
    }

    public static ListedGroup inZooKeeper(String id) {
        return new ListedGroup(GroupKey.inZooKeeper(id), GroupKind.ZOOKEEPER, "", GroupState.UNKNOWN);
    }

    public String id() {
        return key.id();
    }

    /** With the state that so many members of one in ZooKeeper tell. */
    public ListedGroup withMembers(int members) {
        return new ListedGroup(key, kind, protocol, members > 0 ? GroupState.STABLE : GroupState.EMPTY);
    }
}
