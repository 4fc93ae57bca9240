package io.ottla.console.groups;

import io.ottla.console.lag.GroupFigures;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;

/** What the list of groups can be ordered by. */
public enum GroupOrder {
    NAME,
    TYPE,
    STATE,
    MEMBERS,
    LAG;

    /** Its name in addresses and among the words. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean numeric() {
        return this == MEMBERS || this == LAG;
    }

    /**
     * Equal ones are ordered by name.
     *
     * @param figures of the last sample: members and lag of all groups are never asked for
     */
    Comparator<GroupListing> comparator(boolean descending, Map<String, GroupFigures> figures) {
        Comparator<GroupListing> ascending = switch (this) {
            case NAME -> Comparator.comparing(GroupListing::groupId);
            case TYPE ->
                Comparator.comparing(
                        group -> group.type().orElse(GroupType.UNKNOWN).toString());
            case STATE ->
                Comparator.comparing(
                        group -> group.groupState().orElse(GroupState.UNKNOWN).toString());
            case MEMBERS -> Comparator.comparingInt(group -> of(group, figures).members());
            case LAG -> Comparator.comparingLong(group -> of(group, figures).lag());
        };
        return (descending ? ascending.reversed() : ascending).thenComparing(GroupListing::groupId);
    }

    private static GroupFigures of(GroupListing group, Map<String, GroupFigures> figures) {
        GroupFigures known = figures.get(group.groupId());
        return known == null ? new GroupFigures(group.groupId(), GroupFigures.UNKNOWN, java.util.List.of()) : known;
    }

    /** By name unless the text is one of the keys. */
    static GroupOrder of(String key) {
        for (GroupOrder order : values()) {
            if (order.key().equals(key)) {
                return order;
            }
        }
        return NAME;
    }
}
