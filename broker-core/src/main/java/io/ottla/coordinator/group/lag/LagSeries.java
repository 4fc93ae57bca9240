package io.ottla.coordinator.group.lag;

import io.ottla.coordinator.group.GroupPositions;
import io.ottla.coordinator.group.GroupPositions.Position;
import io.ottla.metrics.Labels;
import io.ottla.types.TopicPartition;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjDoubleConsumer;

/**
 * The series of groups as they were at one time. A lag is never below 0: the offset is older than the end, or was set beyond
 * it by hand. Where a partition's end is not known, neither its lag is shown nor its time, and neither is in its topic's or
 * group's. Immutable once it is made.
 */
final class LagSeries {
    static final LagSeries NONE = new LagSeries("");

    private static final double MILLIS_PER_SECOND = 1e3;

    /** One metric: those of kafka_exporter first, those of Lightbend's exporter then. */
    enum Name {
        CURRENT_OFFSET("current_offset", "Offset up to which the group has read the partition"),
        LAG("lag", "Records that the group has not read of the partition"),
        CURRENT_OFFSET_SUM("current_offset_sum", "Sum of these offsets, over the topic's partitions"),
        LAG_SUM("lag_sum", "Records that the group has not read of the topic, as far as known"),
        MEMBERS("members", "Members of the group"),
        GROUP_OFFSET("group_offset", "Offset up to which the group has read the partition"),
        GROUP_LAG("group_lag", "Records that the group has not read of the partition"),
        GROUP_LAG_SECONDS("group_lag_seconds", "For how long, at least, the oldest of these has been there"),
        GROUP_MAX_LAG("group_max_lag", "The largest lag of the group's partitions"),
        GROUP_MAX_LAG_SECONDS("group_max_lag_seconds", "The longest of these times of the group's partitions");

        private final String label;
        private final String help;

        Name(String label, String help) {
            this.label = label;
            this.help = help;
        }

        String metric() {
            return "kafka_consumergroup_" + label;
        }

        String help() {
            return help;
        }
    }

    private record Level(Labels labels, double value) {}

    private final Map<Name, List<Level>> levels = new EnumMap<>(Name.class);
    private final String cluster;

    private LagSeries(String cluster) {
        this.cluster = cluster;
    }

    /**
     * Of these groups.
     *
     * @param cluster its id
     * @param waits of the looks before, which learns of this one
     * @param sinceMs ends that were seen before are not known
     */
    static LagSeries of(
            String cluster, List<GroupPositions> groups, LogEnds ends, Waits waits, long sinceMs, long nowMs) {
        LagSeries series = new LagSeries(cluster);
        for (GroupPositions group : groups) {
            OfGroup one = series.new OfGroup(group.group());
            series.add(Name.MEMBERS, Labels.of("consumergroup", group.group()), group.members());
            for (Position each : group.offsets()) {
                EndHistory history = ends.since(new TopicPartition(each.topic(), each.partition()), sinceMs);
                one.add(each, history, waits.ageMs(group.group(), each, history, nowMs));
            }
            one.addSums();
        }
        waits.lookedAtAll();
        return series;
    }

    /** What is added up of a topic. */
    private static final class Sums {
        private long offsets;
        private long lag;
        private boolean known;
    }

    /** Adds the series of one group. */
    private final class OfGroup {
        private final String group;
        private final Map<String, Sums> topics = new HashMap<>();
        private long maxLag = -1;
        private long maxMs = Waits.UNKNOWN;

        OfGroup(String group) {
            this.group = group;
        }

        /**
         * @param history of the partition's end; null where that is not known
         * @param ageMs for how long there has been a record that it has not read
         */
        void add(Position position, EndHistory history, long ageMs) {
            String topic = position.topic();
            String partition = Integer.toString(position.partition());
            Labels one = Labels.of("consumergroup", group, "partition", partition, "topic", topic);
            Labels other = Labels.of("cluster_name", cluster, "group", group, "partition", partition, "topic", topic);
            Sums sums = topics.computeIfAbsent(topic, _ -> new Sums());
            sums.offsets += position.offset();
            LagSeries.this.add(Name.CURRENT_OFFSET, one, position.offset());
            LagSeries.this.add(Name.GROUP_OFFSET, other, position.offset());
            if (history == null) {
                return;
            }
            long lag = Math.max(0, history.end() - position.offset());
            sums.lag += lag;
            sums.known = true;
            maxLag = Math.max(maxLag, lag);
            LagSeries.this.add(Name.LAG, one, lag);
            LagSeries.this.add(Name.GROUP_LAG, other, lag);
            maxMs = Math.max(maxMs, ageMs);
            levels(Name.GROUP_LAG_SECONDS).add(new Level(other, ageMs / MILLIS_PER_SECOND));
        }

        void addSums() {
            topics.forEach((topic, sums) -> {
                Labels labels = Labels.of("consumergroup", group, "topic", topic);
                LagSeries.this.add(Name.CURRENT_OFFSET_SUM, labels, sums.offsets);
                if (sums.known) {
                    LagSeries.this.add(Name.LAG_SUM, labels, sums.lag);
                }
            });
            if (maxLag < 0) {
                return;
            }
            Labels labels = Labels.of("cluster_name", cluster, "group", group);
            LagSeries.this.add(Name.GROUP_MAX_LAG, labels, maxLag);
            levels(Name.GROUP_MAX_LAG_SECONDS).add(new Level(labels, maxMs / MILLIS_PER_SECOND));
        }
    }

    private void add(Name name, Labels labels, long value) {
        levels(name).add(new Level(labels, value));
    }

    private List<Level> levels(Name name) {
        return levels.computeIfAbsent(name, _ -> new ArrayList<>());
    }

    void list(Name name, ObjDoubleConsumer<Labels> to) {
        levels.getOrDefault(name, List.of()).forEach(level -> to.accept(level.labels(), level.value()));
    }
}
