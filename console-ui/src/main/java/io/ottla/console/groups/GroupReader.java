package io.ottla.console.groups;

import io.ottla.console.access.Action;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.lag.GroupFigures;
import io.ottla.console.lag.GroupKey;
import io.ottla.console.lag.GroupLag;
import io.ottla.console.lag.LagLoad;
import io.ottla.console.lag.LagReader;
import io.ottla.console.lag.ListedGroup;
import io.ottla.console.lag.PartitionLag;
import io.ottla.console.lag.TopicFigures;
import io.ottla.console.oldconsumers.OldConsumers;
import io.ottla.console.words.Wording;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsResult;
import org.apache.kafka.common.TopicPartition;

/** What somebody may see of a cluster's groups, for pages and the API alike. Groups and topics that he may not see are left out. */
public final class GroupReader {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private GroupReader() {}

    /** All groups that brokers keep, of all kinds, ordered by name: one question to each broker. */
    public static List<ListedGroup> list(Visit visit) {
        ListGroupsResult told = visit.asking().listGroups();
        Wording doing = Wording.of("doing.groups");
        Collection<GroupListing> valid = visit.cluster().await(told.valid(), doing);
        if (valid.isEmpty()) {
            valid = visit.cluster().await(told.all(), doing);
        }
        return valid.stream()
                .map(ListedGroup::of)
                .filter(group -> visit.may(Action.VIEW_GROUP, group.id()))
                .sorted(Comparator.comparing(ListedGroup::key))
                .toList();
    }

    /**
     * All groups, those of old consumers in ZooKeeper among them.
     *
     * @param problem why those in ZooKeeper are missing; null where they are not
     */
    public record All(List<ListedGroup> groups, Wording problem) {}

    /**
     * All groups, ordered by name.
     *
     * @param states whether those in ZooKeeper are asked for their states: a question for each
     */
    public static All all(Visit visit, boolean states) {
        List<ListedGroup> groups = new ArrayList<>(list(visit));
        Optional<OldConsumers> old = OldConsumers.of(visit.cluster());
        if (old.isEmpty()) {
            return new All(groups, null);
        }
        try {
            OldConsumers.Names names = old.get().names();
            if (names.unread() > 0) {
                return new All(
                        groups, Wording.of("groups.zookeeper.too-many", names.unread(), OldConsumers.MOST_GROUPS));
            }
            List<String> seen = names.groups().stream()
                    .filter(id -> visit.may(Action.VIEW_GROUP, id))
                    .toList();
            Map<String, Integer> members = states && !seen.isEmpty() ? old.get().memberCounts(seen) : Map.of();
            seen.stream()
                    .map(ListedGroup::inZooKeeper)
                    .map(group -> members.containsKey(group.id()) ? group.withMembers(members.get(group.id())) : group)
                    .forEach(groups::add);
            groups.sort(Comparator.comparing(ListedGroup::key));
            return new All(groups, null);
        } catch (ClusterFailure away) {
            return new All(groups, Wording.of("groups.zookeeper.away", away.wording()));
        }
    }

    /**
     * One group.
     *
     * @throws ClusterFailure when it is not there, or not for him
     */
    public static Group group(Visit visit, GroupKey key) {
        return group(visit, listing(visit, key));
    }

    static Group group(Visit visit, ListedGroup listing) {
        Group group = GroupDescriber.describe(visit.cluster(), visit.asking(), List.of(listing))
                .get(listing.key());
        if (group == null) {
            throw new ClusterFailure(
                    ClusterFailure.Reason.NO_ANSWER,
                    Wording.of(
                            listing.key().isInZooKeeper() ? "groups.zookeeper.no-description" : "groups.no-description",
                            listing.id()));
        }
        return visible(visit, group);
    }

    static ListedGroup listing(Visit visit, GroupKey key) {
        visit.require(Action.VIEW_GROUP, key.id());
        if (key.isInZooKeeper()) {
            if (OldConsumers.of(visit.cluster())
                    .filter(old -> old.isThere(key.id()))
                    .isEmpty()) {
                throw none();
            }
            return ListedGroup.inZooKeeper(key.id());
        }
        return list(visit).stream()
                .filter(each -> each.key().equals(key))
                .findFirst()
                .orElseThrow(GroupReader::none);
    }

    private static ClusterFailure none() {
        return new ClusterFailure(ClusterFailure.Kind.NO_SUCH_GROUP, Wording.of("failure.no-group"));
    }

    /** These groups, by key; one that can't be described is left out. */
    public static Map<GroupKey, Group> describe(Visit visit, Collection<ListedGroup> listings) {
        Map<GroupKey, Group> groups = new HashMap<>();
        GroupDescriber.describe(visit.cluster(), visit.asking(), listings)
                .forEach((key, group) -> groups.put(key, visible(visit, group)));
        return groups;
    }

    /** How far these groups are behind, by key, in topics that he may see. */
    public static Map<GroupKey, GroupLag> lags(Visit visit, Collection<ListedGroup> listings) {
        Map<GroupKey, GroupLag> lags = new HashMap<>();
        new LagReader(visit.cluster(), InstantSource.system(), new LagLoad(), PATIENCE)
                .read(visit.asking(), listings)
                .forEach((key, lag) -> lags.put(key, visible(visit, lag)));
        return lags;
    }

    /**
     * A group, and how far it is.
     *
     * @param lag also in partitions that its members read and in which it has committed nothing
     */
    public record Whole(Group group, GroupLag lag) {}

    /** All of one group that is there. */
    public static Whole whole(Visit visit, GroupKey key) {
        ListedGroup listing = listing(visit, key);
        Group group = group(visit, listing);
        Map<GroupKey, Set<TopicPartition>> owned = Map.of(key, group.partitions());
        GroupLag lag = new LagReader(visit.cluster(), InstantSource.system(), new LagLoad(), PATIENCE)
                .read(visit.asking(), List.of(listing), owned)
                .get(key);
        return new Whole(group, visible(visit, lag));
    }

    /** How far one group is that is there, where it has committed. */
    public static GroupLag lag(Visit visit, GroupKey key) {
        return lag(visit, listing(visit, key));
    }

    static GroupLag lag(Visit visit, ListedGroup listing) {
        return lags(visit, List.of(listing)).get(listing.key());
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
                group.key(),
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
