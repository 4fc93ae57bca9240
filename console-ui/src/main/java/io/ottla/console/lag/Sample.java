package io.ottla.console.lag;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What one look at all groups found, as it is written: those that changed since the last one, or all.
 *
 * @param whole whether groups that are not in it are not there any more
 * @param groups each with all its topics, in the place of what was known of it
 * @param gone those that are not there any more
 */
record Sample(long atMs, boolean whole, List<GroupFigures> groups, List<GroupKey> gone) {
    Sample {
        groups = List.copyOf(groups);
        gone = List.copyOf(gone);
    }

    static Sample whole(long atMs, Map<GroupKey, GroupFigures> now) {
        return new Sample(atMs, true, List.copyOf(now.values()), List.of());
    }

    /** What is other than it was. */
    static Sample between(Map<GroupKey, GroupFigures> before, Map<GroupKey, GroupFigures> now, long atMs) {
        List<GroupFigures> changed = new ArrayList<>();
        now.forEach((group, figures) -> {
            if (!figures.equals(before.get(group))) {
                changed.add(figures);
            }
        });
        List<GroupKey> gone = before.keySet().stream()
                .filter(group -> !now.containsKey(group))
                .toList();
        return new Sample(atMs, false, changed, gone);
    }

    /** Whether it says nothing but when it was. */
    boolean isEmpty() {
        return !whole && groups.isEmpty() && gone.isEmpty();
    }
}
