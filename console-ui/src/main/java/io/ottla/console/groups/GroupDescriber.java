package io.ottla.console.groups;

import io.ottla.console.clusters.Cluster;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.lag.GroupKey;
import io.ottla.console.lag.GroupKind;
import io.ottla.console.lag.ListedGroup;
import io.ottla.console.oldconsumers.OldConsumers;
import io.ottla.console.oldconsumers.OldMember;
import io.ottla.console.words.Wording;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ClassicGroupDescription;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.ShareGroupDescription;
import org.apache.kafka.clients.admin.StreamsGroupDescription;
import org.apache.kafka.clients.admin.StreamsGroupMemberAssignment.TaskIds;
import org.apache.kafka.clients.admin.StreamsGroupMemberDescription;
import org.apache.kafka.clients.admin.StreamsGroupSubtopologyDescription;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Describes groups of all kinds: one question for all of a kind. */
final class GroupDescriber {
    private static final String CONSUMER = "consumer";
    private static final Logger log = LoggerFactory.getLogger(GroupDescriber.class);

    private GroupDescriber() {}

    /** By id; a group that can't be described is left out. */
    static Map<GroupKey, Group> describe(Cluster cluster, Admin admin, Collection<ListedGroup> listings) {
        Map<Kind, List<String>> byKind = new TreeMap<>();
        Map<String, ListedGroup> byId = new HashMap<>();
        for (ListedGroup listing : listings) {
            byKind.computeIfAbsent(kind(listing), none -> new ArrayList<>()).add(listing.id());
            if (!listing.key().isInZooKeeper()) {
                byId.put(listing.id(), listing);
            }
        }
        Map<GroupKey, Group> groups = new HashMap<>();
        byKind.forEach((kind, ids) -> {
            switch (kind) {
                case CONSUMER ->
                    collect(
                            cluster,
                            admin.describeConsumerGroups(ids).describedGroups(),
                            described -> consumer(described, byId.get(described.groupId())),
                            groups);
                case CLASSIC ->
                    collect(
                            cluster,
                            admin.describeClassicGroups(ids).describedGroups(),
                            GroupDescriber::classic,
                            groups);
                case SHARE ->
                    collect(cluster, admin.describeShareGroups(ids).describedGroups(), GroupDescriber::share, groups);
                case STREAMS ->
                    collect(
                            cluster,
                            admin.describeStreamsGroups(ids).describedGroups(),
                            GroupDescriber::streams,
                            groups);
                case ZOOKEEPER -> old(cluster, ids, groups);
            }
        });
        return groups;
    }

    /** How many members they have. */
    static Map<GroupKey, Integer> members(Cluster cluster, Admin admin, Collection<ListedGroup> listings) {
        Map<GroupKey, Integer> counts = new HashMap<>();
        List<ListedGroup> ofBrokers = listings.stream()
                .filter(listing -> !listing.key().isInZooKeeper())
                .toList();
        describe(cluster, admin, ofBrokers)
                .forEach((key, group) -> counts.put(key, group.members().size()));
        memberCounts(
                        cluster,
                        listings.stream()
                                .filter(listing -> listing.key().isInZooKeeper())
                                .map(ListedGroup::id)
                                .toList())
                .forEach((id, count) -> counts.put(GroupKey.inZooKeeper(id), count));
        return counts;
    }

    /** Of groups in ZooKeeper; none is known where that does not answer. */
    static Map<String, Integer> memberCounts(Cluster cluster, List<String> ids) {
        try {
            return ids.isEmpty()
                    ? Map.of()
                    : OldConsumers.of(cluster).map(old -> old.memberCounts(ids)).orElse(Map.of());
        } catch (ClusterFailure untold) {
            log.debug("The members of groups in ZooKeeper can't be counted", untold);
            return Map.of();
        }
    }

    private static void old(Cluster cluster, List<String> ids, Map<GroupKey, Group> groups) {
        try {
            OldConsumers.of(cluster)
                    .ifPresent(old -> old.members(ids)
                            .forEach((id, members) -> groups.put(
                                    GroupKey.inZooKeeper(id),
                                    Group.inZooKeeper(
                                            id,
                                            members.stream()
                                                    .map(GroupDescriber::old)
                                                    .toList()))));
        } catch (ClusterFailure untold) {
            log.debug("Groups in ZooKeeper can't be described", untold);
        }
    }

    private static Member old(OldMember member) {
        return new Member(member.id(), "", member.client(), member.host(), "", member.owned());
    }

    /** By which call a group is described. */
    private enum Kind {
        CONSUMER,
        CLASSIC,
        SHARE,
        STREAMS,
        ZOOKEEPER
    }

    private static Kind kind(ListedGroup listing) {
        String protocol = listing.protocol();
        return switch (listing.kind()) {
            case ZOOKEEPER -> Kind.ZOOKEEPER;
            case SHARE -> Kind.SHARE;
            case STREAMS -> Kind.STREAMS;
            case CONSUMER -> Kind.CONSUMER;
            case CLASSIC, UNKNOWN -> protocol.isEmpty() || protocol.equals(CONSUMER) ? Kind.CONSUMER : Kind.CLASSIC;
        };
    }

    private static <T> void collect(
            Cluster cluster, Map<String, KafkaFuture<T>> told, Function<T, Group> read, Map<GroupKey, Group> groups) {
        told.forEach((id, answer) -> {
            try {
                groups.put(GroupKey.of(id), read.apply(cluster.await(answer, Wording.of("doing.groups"))));
            } catch (ClusterFailure untold) {
                log.debug("{} can't be described", id, untold);
            }
        });
    }

    private static Group consumer(ConsumerGroupDescription described, ListedGroup listing) {
        return Group.of(
                described.groupId(),
                described.type() == GroupType.UNKNOWN ? GroupKind.CLASSIC : GroupKind.of(described.type()),
                listing.protocol(),
                described.groupState(),
                described.isSimpleConsumerGroup(),
                described.coordinator(),
                described.partitionAssignor(),
                members(described.members()));
    }

    private static Group classic(ClassicGroupDescription described) {
        return Group.of(
                described.groupId(),
                GroupKind.CLASSIC,
                described.protocol(),
                GroupState.parse(described.state().toString()),
                described.isSimpleConsumerGroup(),
                described.coordinator(),
                described.protocolData(),
                members(described.members()));
    }

    private static List<Member> members(Collection<MemberDescription> members) {
        return members.stream()
                .map(member -> new Member(
                        member.consumerId(),
                        member.groupInstanceId().orElse(""),
                        member.clientId(),
                        host(member.host()),
                        member.rackId().orElse(""),
                        byTopic(member.assignment().topicPartitions())))
                .toList();
    }

    private static Group share(ShareGroupDescription described) {
        return Group.of(
                described.groupId(),
                GroupKind.SHARE,
                "share",
                described.groupState(),
                false,
                described.coordinator(),
                "",
                described.members().stream()
                        .map(member -> new Member(
                                member.consumerId(),
                                "",
                                member.clientId(),
                                host(member.host()),
                                member.rackId().orElse(""),
                                byTopic(member.assignment().topicPartitions())))
                        .toList());
    }

    private static Group streams(StreamsGroupDescription described) {
        return Group.of(
                described.groupId(),
                GroupKind.STREAMS,
                "streams",
                described.groupState(),
                false,
                described.coordinator(),
                described.assignorName().orElse(""),
                described.members().stream()
                        .map(member -> streams(member, described.subtopologies()))
                        .toList());
    }

    private static Member streams(
            StreamsGroupMemberDescription member, Collection<StreamsGroupSubtopologyDescription> subtopologies) {
        Map<String, SortedSet<Integer>> read = new TreeMap<>();
        for (TaskIds ids : member.assignment().activeTasks()) {
            for (String topic : topics(ids.subtopologyId(), subtopologies)) {
                read.computeIfAbsent(topic, none -> new TreeSet<>()).addAll(ids.partitions());
            }
        }
        Map<String, List<Integer>> assignment = new TreeMap<>();
        read.forEach((topic, partitions) -> assignment.put(topic, List.copyOf(partitions)));
        return new Member(
                member.memberId(),
                member.instanceId().orElse(""),
                member.clientId(),
                host(member.clientHost()),
                member.rackId().orElse(""),
                assignment);
    }

    /** KIP-1071: a task reads the partition of its number of each topic that its part of the application reads. */
    private static List<String> topics(
            String subtopology, Collection<StreamsGroupSubtopologyDescription> subtopologies) {
        return subtopologies.stream()
                .filter(each -> each.subtopologyId().equals(subtopology))
                .flatMap(each ->
                        Stream.concat(each.sourceTopics().stream(), each.repartitionSourceTopics().keySet().stream()))
                .toList();
    }

    /** Brokers write it behind a slash. */
    private static String host(String told) {
        return told.startsWith("/") ? told.substring(1) : told;
    }

    private static Map<String, List<Integer>> byTopic(Collection<TopicPartition> partitions) {
        Map<String, List<Integer>> byTopic = new TreeMap<>();
        partitions.stream()
                .sorted(java.util.Comparator.comparingInt(TopicPartition::partition))
                .forEach(each -> byTopic.computeIfAbsent(each.topic(), none -> new ArrayList<>())
                        .add(each.partition()));
        return byTopic;
    }
}
