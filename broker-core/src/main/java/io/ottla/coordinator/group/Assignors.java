package io.ottla.coordinator.group;

import io.ottla.coordinator.group.assign.GroupAssignor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The assignors that groups can choose from; the first is taken where nobody chooses. Immutable. */
final class Assignors {
    private final Map<String, GroupAssignor> byName = new LinkedHashMap<>();
    private final GroupAssignor first;

    /** @param assignors one or more, in the order of preference */
    Assignors(List<GroupAssignor> assignors) {
        assignors.forEach(each -> byName.put(each.name(), each));
        first = assignors.getFirst();
    }

    List<String> names() {
        return List.copyOf(byName.keySet());
    }

    /** The one that most members ask for; of equals the one that stands first. */
    GroupAssignor of(ConsumerGroupState group) {
        Map<String, Integer> votes = new HashMap<>();
        for (ConsumerMember member : group.members()) {
            String asked = member.subscription().assignor();
            if (asked != null && byName.containsKey(asked)) {
                votes.merge(asked, 1, Integer::sum);
            }
        }
        GroupAssignor chosen = first;
        int most = 0;
        for (GroupAssignor each : byName.values()) {
            int has = votes.getOrDefault(each.name(), 0);
            if (has > most) {
                most = has;
                chosen = each;
            }
        }
        return chosen;
    }
}
