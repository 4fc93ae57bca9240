package io.ottla.console.groups;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedSet;
import org.apache.kafka.common.TopicPartition;

/** Says what becomes of each offset. Pure. A wanted offset outside the log becomes the nearest end of it, as Kafka's own tool has it. */
final class ResetPlanner {
    private ResetPlanner() {}

    /**
     * What is known of the partitions.
     *
     * @param first by partition; one that is not there has no leader, and nothing is planned for it
     * @param end the same
     * @param committed of the group; where it has none, none is there
     * @param at offsets by time, for targets that need them; none or below zero where all records are older
     * @param others of the other group, for a copy
     */
    record Known(
            Map<TopicPartition, Long> first,
            Map<TopicPartition, Long> end,
            Map<TopicPartition, Long> committed,
            Map<TopicPartition, Long> at,
            Map<TopicPartition, Long> others) {}

    /** By partition, in the order given. One for which nothing can be wanted is left out: without an offset to shift, or to copy. */
    static List<PlannedOffset> plan(SortedSet<TopicPartition> partitions, OffsetTarget target, Known known) {
        List<PlannedOffset> plan = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            Long first = known.first().get(partition);
            Long end = known.end().get(partition);
            OptionalLong wanted =
                    first == null || end == null ? OptionalLong.empty() : wanted(partition, target, known, first, end);
            if (wanted.isPresent()) {
                long after = Math.clamp(wanted.getAsLong(), first, Math.max(first, end));
                plan.add(new PlannedOffset(
                        partition.topic(),
                        partition.partition(),
                        known.committed().getOrDefault(partition, -1L),
                        after,
                        first,
                        end,
                        after != wanted.getAsLong()));
            }
        }
        return plan;
    }

    private static OptionalLong wanted(
            TopicPartition partition, OffsetTarget target, Known known, long first, long end) {
        return switch (target) {
            case OffsetTarget.Earliest() -> OptionalLong.of(first);
            case OffsetTarget.Latest() -> OptionalLong.of(end);
            case OffsetTarget.Offset(long offset) -> OptionalLong.of(offset);
            case OffsetTarget.At(var _), OffsetTarget.Back(var _) -> {
                long at = known.at().getOrDefault(partition, -1L);
                yield OptionalLong.of(at < 0 ? end : at);
            }
            case OffsetTarget.Shift(long by) -> {
                Long committed = known.committed().get(partition);
                yield committed == null ? OptionalLong.empty() : OptionalLong.of(sum(committed, by));
            }
            case OffsetTarget.CopyOf(var _) -> {
                Long other = known.others().get(partition);
                yield other == null ? OptionalLong.empty() : OptionalLong.of(other);
            }
        };
    }

    /** At the largest and smallest numbers it stays there. */
    private static long sum(long committed, long by) {
        long sum = committed + by;
        boolean overflown = by > 0 ? sum < committed : sum > committed;
        return overflown && by != 0 ? (by > 0 ? Long.MAX_VALUE : Long.MIN_VALUE) : sum;
    }
}
