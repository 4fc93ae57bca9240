package io.ottla.console.lag;

import io.ottla.console.clusters.Cluster;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.oldconsumers.OldConsumers;
import io.ottla.console.words.Wording;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads how far groups are: the offsets of all of them first, then the end of each log once, so that no lag comes out below
 * zero because records were consumed in between. A few batched questions, however many groups.
 */
public final class LagReader {
    /** Groups in one question. */
    static final int GROUPS = 500;

    /** Logs in one question. */
    static final int LOGS = 5_000;

    private static final Logger log = LoggerFactory.getLogger(LagReader.class);

    private final Cluster cluster;
    private final InstantSource clock;
    private final LagLoad load;
    private final int patienceMs;

    /** @param patience after which what is not told is unknown */
    public LagReader(Cluster cluster, InstantSource clock, LagLoad load, Duration patience) {
        this.cluster = cluster;
        this.clock = clock;
        this.load = load;
        this.patienceMs = Math.toIntExact(patience.toMillis());
    }

    /**
     * By group, in the order given. A group whose offsets can't be read is there and not known.
     *
     * @param admin that may ask
     */
    public Map<GroupKey, GroupLag> read(Admin admin, Collection<ListedGroup> groups) {
        return read(admin, groups, Map.of());
    }

    /**
     * The same, also of partitions in which a group has committed nothing, but that its members read.
     *
     * @param owned by group
     */
    public Map<GroupKey, GroupLag> read(
            Admin admin, Collection<ListedGroup> groups, Map<GroupKey, Set<TopicPartition>> owned) {
        Map<GroupKey, Map<TopicPartition, Position>> positions = new HashMap<>();
        List<ListedGroup> all = List.copyOf(groups);
        for (int from = 0; from < all.size(); from += GROUPS) {
            List<ListedGroup> some = all.subList(from, Math.min(all.size(), from + GROUPS));
            committed(admin, idsOf(some, false))
                    .forEach((group, offsets) -> positions.put(GroupKey.of(group), offsets));
            shared(admin, idsOf(some, true)).forEach((group, offsets) -> positions.put(GroupKey.of(group), offsets));
        }
        old(admin, all).forEach((group, offsets) -> positions.put(GroupKey.inZooKeeper(group), offsets));
        owned.forEach((group, partitions) -> {
            Map<TopicPartition, Position> own = positions.get(group);
            if (own != null) {
                partitions.forEach(partition -> own.putIfAbsent(partition, Position.NONE));
            }
        });
        List<TopicPartition> logs = positions.values().stream()
                .flatMap(each -> each.entrySet().stream())
                .filter(each -> each.getValue().there())
                .map(Map.Entry::getKey)
                .distinct()
                .toList();
        Map<TopicPartition, Long> ends = ends(admin, logs);
        Instant at = clock.instant();
        Map<GroupKey, GroupLag> read = new LinkedHashMap<>();
        for (ListedGroup group : all) {
            Map<TopicPartition, Position> own = positions.get(group.key());
            read.put(
                    group.key(),
                    own == null ? new GroupLag(at, false, List.of()) : new GroupLag(at, true, join(own, ends)));
        }
        return read;
    }

    /**
     * Where a group is.
     *
     * @param offset {@link PartitionLag#UNKNOWN} where it has committed none
     * @param lag records that are left, as the cluster itself says of share groups; else {@link PartitionLag#UNKNOWN}
     * @param there whether there is such a log
     */
    private record Position(long offset, long lag, boolean there) {
        static final Position NONE = new Position(PartitionLag.UNKNOWN, PartitionLag.UNKNOWN);

        Position(long offset, long lag) {
            this(offset, lag, true);
        }
    }

    private static List<String> idsOf(List<ListedGroup> groups, boolean shared) {
        return groups.stream()
                .filter(group -> !group.key().isInZooKeeper() && (group.kind() == GroupKind.SHARE) == shared)
                .map(ListedGroup::id)
                .toList();
    }

    /**
     * Those of old consumers. Nobody deletes what they have of topics that are gone, and asking for the ends of such logs would
     * take as long as the client may.
     */
    private Map<String, Map<TopicPartition, Position>> old(Admin admin, List<ListedGroup> groups) {
        List<String> ids = groups.stream()
                .filter(group -> group.key().isInZooKeeper())
                .map(ListedGroup::id)
                .toList();
        Optional<OldConsumers> old = ids.isEmpty() ? Optional.empty() : OldConsumers.of(cluster);
        if (old.isEmpty()) {
            return Map.of();
        }
        Map<String, Map<TopicPartition, Position>> positions = new HashMap<>();
        try {
            Map<String, Map<TopicPartition, Long>> read = old.get().offsets(ids);
            Map<String, Integer> partitions = partitions(
                    admin,
                    read.values().stream()
                            .flatMap(each -> each.keySet().stream())
                            .map(TopicPartition::topic)
                            .distinct()
                            .toList());
            read.forEach((group, offsets) -> {
                Map<TopicPartition, Position> own = new HashMap<>();
                offsets.forEach((at, offset) -> own.put(
                        at,
                        new Position(
                                offset,
                                PartitionLag.UNKNOWN,
                                at.partition() < partitions.getOrDefault(at.topic(), 0))));
                positions.put(group, own);
            });
        } catch (ClusterFailure untold) {
            log.debug("The offsets of groups in ZooKeeper stay unknown", untold);
        }
        return positions;
    }

    /** How many topics have; one that is gone is left out. */
    private Map<String, Integer> partitions(Admin admin, List<String> topics) {
        Map<String, Integer> partitions = new HashMap<>();
        for (int from = 0; from < topics.size(); from += LOGS) {
            load.called();
            Map<String, KafkaFuture<TopicDescription>> told = admin.describeTopics(
                            topics.subList(from, Math.min(topics.size(), from + LOGS)),
                            new DescribeTopicsOptions().timeoutMs(patienceMs))
                    .topicNameValues();
            told.forEach((topic, answer) -> {
                try {
                    partitions.put(
                            topic,
                            cluster.await(answer, Wording.of("doing.topic"))
                                    .partitions()
                                    .size());
                } catch (ClusterFailure untold) {
                    log.debug("{} is no topic that can be described", topic, untold);
                }
            });
        }
        return partitions;
    }

    private Map<String, Map<TopicPartition, Position>> committed(Admin admin, List<String> groups) {
        if (groups.isEmpty()) {
            return Map.of();
        }
        Map<String, ListConsumerGroupOffsetsSpec> asked = new TreeMap<>();
        groups.forEach(group -> asked.put(group, new ListConsumerGroupOffsetsSpec()));
        load.called();
        ListConsumerGroupOffsetsResult told =
                admin.listConsumerGroupOffsets(asked, new ListConsumerGroupOffsetsOptions().timeoutMs(patienceMs));
        Map<String, Map<TopicPartition, Position>> positions = new HashMap<>();
        for (String group : groups) {
            try {
                Map<TopicPartition, Position> own = new HashMap<>();
                Map<TopicPartition, OffsetAndMetadata> offsets =
                        cluster.await(told.partitionsToOffsetAndMetadata(group), Wording.of("doing.offsets"));
                offsets.forEach((partition, offset) -> {
                    if (offset != null) {
                        own.put(partition, new Position(offset.offset(), PartitionLag.UNKNOWN));
                    }
                });
                positions.put(group, own);
            } catch (ClusterFailure untold) {
                log.debug("The offsets of {} stay unknown", group, untold);
            }
        }
        return positions;
    }

    /**
     * KIP-932, KIP-1226: before which offset a share group has done everything. Of what lies behind it some may be done too,
     * so that the cluster itself says how much is left.
     */
    private Map<String, Map<TopicPartition, Position>> shared(Admin admin, List<String> groups) {
        if (groups.isEmpty()) {
            return Map.of();
        }
        Map<String, ListShareGroupOffsetsSpec> asked = new TreeMap<>();
        groups.forEach(group -> asked.put(group, new ListShareGroupOffsetsSpec()));
        load.called();
        ListShareGroupOffsetsResult told =
                admin.listShareGroupOffsets(asked, new ListShareGroupOffsetsOptions().timeoutMs(patienceMs));
        Map<String, Map<TopicPartition, Position>> positions = new HashMap<>();
        for (String group : groups) {
            try {
                Map<TopicPartition, Position> own = new HashMap<>();
                Map<TopicPartition, SharePartitionOffsetInfo> offsets =
                        cluster.await(told.partitionsToOffsetInfo(group), Wording.of("doing.offsets"));
                offsets.forEach((partition, offset) -> {
                    if (offset != null && offset.startOffset() >= 0) {
                        own.put(
                                partition,
                                new Position(offset.startOffset(), offset.lag().orElse(PartitionLag.UNKNOWN)));
                    }
                });
                positions.put(group, own);
            } catch (ClusterFailure untold) {
                log.debug("The offsets of share group {} stay unknown", group, untold);
            }
        }
        return positions;
    }

    private Map<TopicPartition, Long> ends(Admin admin, List<TopicPartition> logs) {
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (int from = 0; from < logs.size(); from += LOGS) {
            Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
            logs.subList(from, Math.min(logs.size(), from + LOGS))
                    .forEach(partition -> asked.put(partition, OffsetSpec.latest()));
            load.called();
            ListOffsetsResult told = admin.listOffsets(asked, new ListOffsetsOptions().timeoutMs(patienceMs));
            for (TopicPartition partition : asked.keySet()) {
                try {
                    ends.put(
                            partition,
                            cluster.await(told.partitionResult(partition), Wording.of("doing.offsets"))
                                    .offset());
                } catch (ClusterFailure untold) {
                    log.debug("The end of {} stays unknown", partition, untold);
                }
            }
        }
        return ends;
    }

    private static List<PartitionLag> join(Map<TopicPartition, Position> positions, Map<TopicPartition, Long> ends) {
        List<PartitionLag> joined = new ArrayList<>(positions.size());
        positions.forEach((partition, position) -> {
            PartitionLag between = PartitionLag.of(
                    partition.topic(),
                    partition.partition(),
                    position.offset(),
                    ends.getOrDefault(partition, PartitionLag.UNKNOWN));
            joined.add(position.lag() == PartitionLag.UNKNOWN ? between : between.withLag(position.lag()));
        });
        joined.sort(Comparator.comparing(PartitionLag::topic).thenComparingInt(PartitionLag::partition));
        return joined;
    }
}
