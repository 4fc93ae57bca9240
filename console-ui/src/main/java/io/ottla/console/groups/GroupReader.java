package io.ottla.console.groups;

import io.ottla.console.access.Action;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.lag.GroupFigures;
import io.ottla.console.lag.GroupLag;
import io.ottla.console.lag.LagLoad;
import io.ottla.console.lag.LagReader;
import io.ottla.console.lag.PartitionLag;
import io.ottla.console.lag.TopicFigures;
import io.ottla.console.words.Wording;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsResult;

/** What somebody may see of a cluster's groups, for pages and the API alike. Groups and topics that he may not see are left out. */
public final class GroupReader {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private GroupReader() {}

    /** All groups of all kinds, ordered by name: one question to each broker. */
    public static List<GroupListing> list(Visit visit) {
        ListGroupsResult told = visit.asking().listGroups();
        Wording doing = Wording.of("doing.groups");
        Collection<GroupListing> valid = visit.cluster().await(told.valid(), doing);
        if (valid.isEmpty()) {
            valid = visit.cluster().await(told.all(), doing);
        }
        return valid.stream()
                .filter(group -> visit.may(Action.VIEW_GROUP, group.groupId()))
                .sorted(Comparator.comparing(GroupListing::groupId))
                .toList();
    }

    /**
     * One group.
     *
     * @throws ClusterFailure when it is not there, or not for him
     */
    public static Group group(Visit visit, String id) {
        return group(visit, listing(visit, id));
    }

    static Group group(Visit visit, GroupListing listing) {
        String id = listing.groupId();
        Group group = GroupDescriber.describe(visit.cluster(), visit.asking(), List.of(listing))
                .get(id);
        if (group == null) {
            throw new ClusterFailure(ClusterFailure.Reason.NO_ANSWER, Wording.of("groups.no-description", id));
        }
        return visible(visit, group);
    }

    static GroupListing listing(Visit visit, String id) {
        visit.require(Action.VIEW_GROUP, id);
        return list(visit).stream()
                .filter(each -> each.groupId().equals(id))
                .findFirst()
                .orElseThrow(() -> new ClusterFailure(ClusterFailure.Reason.NOT_FOUND, Wording.of("failure.no-group")));
    }

    /** These groups, by id; one that can't be described is left out. */
    public static Map<String, Group> describe(Visit visit, Collection<GroupListing> listings) {
        Map<String, Group> groups = new HashMap<>();
        GroupDescriber.describe(visit.cluster(), visit.asking(), listings)
                .forEach((id, group) -> groups.put(id, visible(visit, group)));
        return groups;
    }

    /** How far these groups are behind, by id, in topics that he may see. */
    public static Map<String, GroupLag> lags(Visit visit, Collection<GroupListing> listings) {
        Map<String, GroupLag> lags = new HashMap<>();
        new LagReader(visit.cluster(), InstantSource.system(), new LagLoad(), PATIENCE)
                .read(visit.asking(), listings)
                .forEach((id, lag) -> lags.put(id, visible(visit, lag)));
        return lags;
    }

    /** The same of one group that is there. */
    public static GroupLag lag(Visit visit, String id) {
        return lag(visit, listing(visit, id));
    }

    static GroupLag lag(Visit visit, GroupListing listing) {
        return lags(visit, List.of(listing)).get(listing.groupId());
    }

    private static GroupLag visible(Visit visit, GroupLag lag) {
        List<PartitionLag> partitions = lag.partitions().stream()
                .filter(each -> visit.may(Action.VIEW_TOPIC, each.topic()))
                .toList();
        return new GroupLag(lag.at(), lag.known(), partitions);
    }

    static GroupFigures visible(Visit visit, GroupFigures figures) {
        List<TopicFigures> topics = figures.topics().stream()
                .filter(each -> visit.may(Action.VIEW_TOPIC, each.topic()))
                .toList();
        return new GroupFigures(figures.group(), figures.members(), topics);
    }

    private static Group visible(Visit visit, Group group) {
        List<Member> members = group.members().stream()
                .map(member -> {
                    Map<String, List<Integer>> assignment = new TreeMap<>(member.assignment());
                    assignment.keySet().removeIf(topic -> !visit.may(Action.VIEW_TOPIC, topic));
                    return new Member(
                            member.id(), member.instance(), member.client(), member.host(), member.rack(), assignment);
                })
                .toList();
        return new Group(
                group.id(),
                group.type(),
                group.protocol(),
                group.state(),
                group.simple(),
                group.coordinator(),
                group.coordinatorAddress(),
                group.assignor(),
                members);
    }
}
