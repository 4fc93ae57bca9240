package io.ottla.console.groups;

import io.ottla.console.lag.GroupFigures;
import io.ottla.console.lag.GroupKey;
import io.ottla.console.lag.ListedGroup;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;

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

    /** Whether it takes the state of every group. */
    boolean byState() {
        return this == STATE;
    }

    /**
     * Equal ones are ordered by name.
     *
     * @param figures of the last sample: members and lag of all groups are never asked for
     */
    Comparator<ListedGroup> comparator(boolean descending, Map<GroupKey, GroupFigures> figures) {
        Comparator<ListedGroup> ascending = switch (this) {
            case NAME -> Comparator.comparing(ListedGroup::key);
            case TYPE -> Comparator.comparing(group -> group.kind().name());
            case STATE -> Comparator.comparing(group -> group.state().toString());
            case MEMBERS -> Comparator.comparingInt(group -> of(group, figures).members());
            case LAG -> Comparator.comparingLong(group -> of(group, figures).lag());
        };
        return (descending ? ascending.reversed() : ascending).thenComparing(ListedGroup::key);
    }

    private static GroupFigures of(ListedGroup group, Map<GroupKey, GroupFigures> figures) {
        GroupFigures known = figures.get(group.key());
        return known == null ? new GroupFigures(group.key(), GroupFigures.UNKNOWN, java.util.List.of()) : known;
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
