package io.ottla.coordinator.group.assign;

import io.ottla.types.Shown;
import java.util.List;

/** The assignors that there are, by name. */
public final class GroupAssignors {
    private static final List<GroupAssignor> ALL = List.of(new UniformAssignor(), new RangeAssignor());

    private GroupAssignors() {}

    /** In the order of the names, which are all known. */
    public static List<GroupAssignor> of(List<String> names) {
        return names.stream().map(GroupAssignors::named).toList();
    }

    private static GroupAssignor named(String name) {
        for (GroupAssignor each : ALL) {
            if (each.name().equals(name)) {
                return each;
            }
        }
        throw new IllegalArgumentException("Expected an assignor, but there is none of the name " + Shown.of(name));
    }
}
