package io.ottla.console.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.groups.Group;
import io.ottla.console.groups.Member;
import io.ottla.console.lag.ListedGroup;
import io.ottla.console.words.Wording;
import java.util.ArrayList;
import java.util.List;

/**
 * Groups of all kinds.
 *
 * @param problem why those in ZooKeeper are missing; null where they are not
 */
record GroupListData(String kind, List<Line> data, String problem) {
    /** A group in one line. */
    record Line(@JsonProperty("group_id") String groupId, String type, String protocol, String state) {
        static Line of(ListedGroup group) {
            return new Line(
                    group.id(),
                    group.kind().key(),
                    group.protocol(),
                    group.state().name());
        }
    }

    /** A group. */
    record One(
            String kind,
            @JsonProperty("group_id") String groupId,
            String type,
            String protocol,
            String state,
            List<Consumer> members) {
        static One of(Group group) {
            return new One(
                    "Group",
                    group.id(),
                    group.type().key(),
                    group.protocol(),
                    group.state().name(),
                    group.members().stream().map(Consumer::of).toList());
        }
    }

    /** A member; null stands for what is unknown, or not there. */
    record Consumer(
            @JsonProperty("consumer_id") String consumerId,
            @JsonProperty("instance_id") String instanceId,
            @JsonProperty("client_id") String clientId,
            String host,
            List<Assigned> assignments) {
        static Consumer of(Member member) {
            List<Assigned> assignments = new ArrayList<>();
            member.assignment().forEach((topic, partitions) -> assignments.add(new Assigned(topic, partitions)));
            return new Consumer(
                    member.id(), known(member.instance()), known(member.client()), known(member.host()), assignments);
        }

        private static String known(String text) {
            return text.isEmpty() ? null : text;
        }
    }

    /** Partitions that a member has; of a streams group tasks of a subtopology. */
    record Assigned(@JsonProperty("topic_name") String topic, List<Integer> partitions) {}

    static GroupListData of(List<ListedGroup> groups, Wording problem) {
        return new GroupListData(
                "GroupList", groups.stream().map(Line::of).toList(), problem == null ? null : problem.toString());
    }
}
