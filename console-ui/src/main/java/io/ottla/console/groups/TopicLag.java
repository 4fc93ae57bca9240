package io.ottla.console.groups;

import io.ottla.console.lag.GroupLag;
import io.ottla.console.lag.PartitionLag;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How far a group is behind in one topic.
 *
 * @param partitions in which it has committed, or that its members read
 * @param lag of those where it is known; -1 where it is of none
 */
record TopicLag(String topic, int partitions, long lag) {
    /** Topic by topic, those with most lag first. */
    static List<TopicLag> of(GroupLag group) {
        Map<String, TopicLag> sums = new LinkedHashMap<>();
        for (PartitionLag each : group.partitions()) {
            sums.merge(each.topic(), new TopicLag(each.topic(), 1, each.lag()), TopicLag::plus);
        }
        return sums.values().stream()
                .sorted(Comparator.comparingLong(TopicLag::lag).reversed().thenComparing(TopicLag::topic))
                .toList();
    }

    private TopicLag plus(TopicLag other) {
        boolean unknown = lag < 0 && other.lag < 0;
        return new TopicLag(
                topic,
                partitions + other.partitions,
                unknown ? PartitionLag.UNKNOWN : Math.max(0, lag) + Math.max(0, other.lag));
    }
}
