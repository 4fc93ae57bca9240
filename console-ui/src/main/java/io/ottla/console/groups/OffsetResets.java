package io.ottla.console.groups;

import io.ottla.console.access.Action;
import io.ottla.console.access.Change;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ClusterFailure.Reason;
import io.ottla.console.clusters.Partition;
import io.ottla.console.lag.GroupKey;
import io.ottla.console.lag.GroupKind;
import io.ottla.console.lag.GroupLag;
import io.ottla.console.lag.PartitionLag;
import io.ottla.console.words.Wording;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** Setting the offsets of a group: what it would do, and doing it. For pages and the API alike. */
public final class OffsetResets {
    static final Comparator<TopicPartition> ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

    private static final int PATIENCE_MS = 5_000;
    private static final String OF_ZOOKEEPER = "zookeeper:";
    private static final String OF_BROKERS = "kafka:";

    private OffsetResets() {}

    /** What it would do. Changes nothing, but wants the role that may. */
    public static ResetPlan plan(Visit visit, GroupKey group, ResetRequest request, InstantSource clock) {
        visit.require(Action.RESET_OFFSETS, group.id());
        Group described = GroupReader.group(visit, group);
        GroupLag lag = GroupReader.lag(visit, group);
        Map<TopicPartition, Long> committed = committed(lag);
        SortedSet<TopicPartition> partitions =
                partitions(visit, request, group.isInZooKeeper() ? withLog(lag) : committed.keySet());
        if (partitions.isEmpty()) {
            throw new ClusterFailure(Reason.REFUSED, Wording.of("groups.reset.nothing", group.id()));
        }
        Map<TopicPartition, Long> at = switch (request.target()) {
            case OffsetTarget.At(var time) -> offsets(visit, partitions, OffsetSpec.forTimestamp(time.toEpochMilli()));
            case OffsetTarget.Back(var span) ->
                offsets(
                        visit,
                        partitions,
                        OffsetSpec.forTimestamp(clock.instant().minus(span).toEpochMilli()));
            default -> Map.of();
        };
        Map<TopicPartition, Long> others = request.target() instanceof OffsetTarget.CopyOf(String other)
                ? committed(toCopy(visit, named(group, other), other))
                : Map.of();
        return new ResetPlan(
                request,
                described,
                ResetPlanner.plan(
                        partitions,
                        request.target(),
                        new ResetPlanner.Known(
                                offsets(visit, partitions, OffsetSpec.earliest()),
                                offsets(visit, partitions, OffsetSpec.latest()),
                                committed,
                                at,
                                others)));
    }

    /**
     * Sets them.
     *
     * @param offsets by partition
     * @throws ClusterFailure when members are active, or the cluster says no
     */
    public static void apply(Visit visit, GroupKey group, Map<TopicPartition, Long> offsets, String target) {
        offsets.keySet().stream()
                .map(TopicPartition::topic)
                .distinct()
                .forEach(topic -> visit.require(Action.VIEW_TOPIC, topic));
        Change change = GroupChanges.change(Action.RESET_OFFSETS, group)
                .with("to", target)
                .with(
                        "offsets",
                        offsets.entrySet().stream()
                                .map(each -> each.getKey() + "=" + each.getValue())
                                .collect(Collectors.joining(", ")));
        visit.change(change, admin -> {
            Group described = GroupReader.group(visit, group);
            requireInactive(described);
            if (group.isInZooKeeper()) {
                return GroupChanges.inZooKeeper(visit, group, changes -> changes.set(group.id(), offsets));
            }
            return visit.cluster().await(set(admin, described, offsets), Wording.of("doing.reset-offsets"));
        });
    }

    /** Does what was planned. */
    public static void apply(Visit visit, ResetPlan plan) {
        Map<TopicPartition, Long> offsets = new java.util.TreeMap<>(ORDER);
        plan.offsets().forEach(each -> offsets.put(new TopicPartition(each.topic(), each.partition()), each.after()));
        apply(visit, plan.group().key(), offsets, plan.request().target().text());
    }

    /** Forgets where a group is in a topic. */
    public static void delete(Visit visit, GroupKey group, String topic) {
        visit.require(Action.VIEW_TOPIC, topic);
        visit.change(GroupChanges.change(Action.RESET_OFFSETS, group).with("delete", topic), admin -> {
            Group described = GroupReader.group(visit, group);
            List<TopicPartition> partitions = GroupReader.lag(visit, group).partitions().stream()
                    .filter(each -> each.topic().equals(topic))
                    .map(each -> new TopicPartition(topic, each.partition()))
                    .toList();
            if (partitions.isEmpty()) {
                throw new ClusterFailure(Reason.NOT_FOUND, Wording.of("groups.no-offsets-in", group.id(), topic));
            }
            if (group.isInZooKeeper()) {
                requireInactive(described);
                return GroupChanges.inZooKeeper(visit, group, changes -> changes.forget(group.id(), topic));
            }
            return visit.cluster()
                    .await(
                            switch (described.type()) {
                                case SHARE ->
                                    admin.deleteShareGroupOffsets(group.id(), Set.of(topic))
                                            .all();
                                case STREAMS ->
                                    admin.deleteStreamsGroupOffsets(group.id(), Set.copyOf(partitions))
                                            .all();
                                case CONSUMER, CLASSIC, ZOOKEEPER, UNKNOWN ->
                                    admin.deleteConsumerGroupOffsets(group.id(), Set.copyOf(partitions))
                                            .all();
                            },
                            Wording.of("doing.delete-offsets"));
        });
    }

    /** The group that offsets are copied from: of the same home, unless its name says which. */
    static GroupKey named(GroupKey beside, String name) {
        if (name.startsWith(OF_ZOOKEEPER)) {
            return GroupKey.inZooKeeper(name.substring(OF_ZOOKEEPER.length()));
        }
        if (name.startsWith(OF_BROKERS)) {
            return GroupKey.of(name.substring(OF_BROKERS.length()));
        }
        return new GroupKey(name, beside.home());
    }

    /** How far the group is that offsets are copied from; it is told apart from the one that gets them. */
    private static GroupLag toCopy(Visit visit, GroupKey from, String name) {
        try {
            return GroupReader.lag(visit, from);
        } catch (ClusterFailure failure) {
            if (failure.kind().equals(Optional.of(ClusterFailure.Kind.NO_SUCH_GROUP))) {
                throw new ClusterFailure(
                        ClusterFailure.Kind.NO_SUCH_GROUP, Wording.of("groups.reset.no-such-group", name), failure);
            }
            throw failure;
        }
    }

    static void requireInactive(Group group) {
        if (group.active()) {
            throw new ClusterFailure(
                    ClusterFailure.Kind.IN_USE,
                    Wording.of(
                            "groups.active",
                            group.id(),
                            group.members().size(),
                            Wording.of("groups.state." + group.state().name())));
        }
    }

    private static KafkaFuture<Void> set(Admin admin, Group group, Map<TopicPartition, Long> offsets) {
        if (group.type() == GroupKind.SHARE) {
            return admin.alterShareGroupOffsets(group.id(), offsets).all();
        }
        Map<TopicPartition, OffsetAndMetadata> wanted = new HashMap<>();
        offsets.forEach((partition, offset) -> wanted.put(partition, new OffsetAndMetadata(offset)));
        return group.type() == GroupKind.STREAMS
                ? admin.alterStreamsGroupOffsets(group.id(), wanted).all()
                : admin.alterConsumerGroupOffsets(group.id(), wanted).all();
    }

    private static Map<TopicPartition, Long> committed(GroupLag lag) {
        Map<TopicPartition, Long> committed = new HashMap<>();
        for (PartitionLag each : lag.partitions()) {
            committed.put(new TopicPartition(each.topic(), each.partition()), each.committed());
        }
        return committed;
    }

    /** Nobody deletes what old consumers have of topics that are gone, and asking for such logs takes long. */
    private static Set<TopicPartition> withLog(GroupLag lag) {
        return lag.partitions().stream()
                .filter(each -> each.end() >= 0)
                .map(each -> new TopicPartition(each.topic(), each.partition()))
                .collect(Collectors.toSet());
    }

    private static SortedSet<TopicPartition> partitions(
            Visit visit, ResetRequest request, Collection<TopicPartition> committed) {
        SortedSet<TopicPartition> partitions = new TreeSet<>(ORDER);
        if (request.topic().isEmpty()) {
            partitions.addAll(committed);
            return partitions;
        }
        List<Integer> there = visit.topic(request.topic()).partitions().stream()
                .map(Partition::id)
                .toList();
        for (int wanted : request.partitions().isEmpty() ? there : request.partitions()) {
            if (!there.contains(wanted)) {
                throw new ClusterFailure(
                        Reason.REFUSED,
                        Wording.of(
                                "groups.reset.no-partition",
                                request.topic(),
                                Integer.toString(there.size()),
                                Integer.toString(wanted)));
            }
            partitions.add(new TopicPartition(request.topic(), wanted));
        }
        return partitions;
    }

    /** What is not told, since a partition has no leader, is left out. */
    private static Map<TopicPartition, Long> offsets(
            Visit visit, Collection<TopicPartition> partitions, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(partition -> asked.put(partition, spec));
        ListOffsetsResult told = visit.asking().listOffsets(asked, new ListOffsetsOptions().timeoutMs(PATIENCE_MS));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (TopicPartition partition : partitions) {
            try {
                offsets.put(
                        partition,
                        visit.cluster()
                                .await(told.partitionResult(partition), Wording.of("doing.offsets"))
                                .offset());
            } catch (ClusterFailure untold) {
                if (untold.reason() == Reason.DENIED) {
                    throw untold;
                }
            }
        }
        return offsets;
    }
}
