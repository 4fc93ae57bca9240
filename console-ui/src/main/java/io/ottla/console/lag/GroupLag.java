package io.ottla.console.lag;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * How far a group is, partition by partition.
 *
 * @param at when the ends of the logs were known
 * @param known whether its offsets could be read
 * @param partitions in which it has committed, and where asked for those that its members read, ordered by topic and number
 */
public record GroupLag(Instant at, boolean known, List<PartitionLag> partitions) {
    public GroupLag {
        partitions = List.copyOf(partitions);
    }

    /** Over those partitions whose end is known; -1 where there is none. */
    public long total() {
        long total = PartitionLag.UNKNOWN;
        for (PartitionLag partition : partitions) {
            if (partition.lag() >= 0) {
                total = Math.max(0, total) + partition.lag();
            }
        }
        return total;
    }

    /** Summed up topic by topic. */
    public List<TopicFigures> topics() {
        List<TopicFigures> topics = new ArrayList<>();
        for (PartitionLag each : partitions) {
            long committed = Math.max(0, each.committed());
            long lag = Math.max(0, each.lag());
            TopicFigures last = topics.isEmpty() ? null : topics.getLast();
            if (last != null && last.topic().equals(each.topic())) {
                topics.set(
                        topics.size() - 1,
                        new TopicFigures(
                                last.topic(), last.partitions() + 1, last.committed() + committed, last.lag() + lag));
            } else {
                topics.add(new TopicFigures(each.topic(), 1, committed, lag));
            }
        }
        return topics;
    }
}
