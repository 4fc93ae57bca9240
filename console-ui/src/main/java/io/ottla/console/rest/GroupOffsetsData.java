package io.ottla.console.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.groups.ResetPlan;
import io.ottla.console.lag.GroupLag;
import java.time.Instant;
import java.util.List;

/** Where a group is, and where setting its offsets brings it. */
final class GroupOffsetsData {
    private GroupOffsetsData() {}

    /** Where it is. */
    record Offsets(
            @JsonProperty("group_id") String groupId,
            @JsonProperty("sampled_at") Instant sampledAt,
            @JsonProperty("total_lag") Long totalLag,
            List<At> offsets) {
        static Offsets of(String group, GroupLag lag) {
            return new Offsets(
                    group,
                    lag.at(),
                    ConsumerLagData.known(lag.total()),
                    lag.partitions().stream()
                            .map(each -> new At(
                                    each.topic(),
                                    each.partition(),
                                    ConsumerLagData.known(each.committed()),
                                    ConsumerLagData.known(each.end()),
                                    ConsumerLagData.known(each.lag())))
                            .toList());
        }
    }

    /**
     * In one partition.
     *
     * @param committedOffset null where it has committed none
     */
    record At(
            @JsonProperty("topic_name") String topicName,
            @JsonProperty("partition_id") int partitionId,
            @JsonProperty("committed_offset") Long committedOffset,
            @JsonProperty("log_end_offset") Long logEndOffset,
            Long lag) {}

    /** What setting offsets does, or would. */
    record Reset(
            @JsonProperty("group_id") String groupId,
            @JsonProperty("dry_run") boolean dryRun,
            int changed,
            List<Change> offsets) {
        static Reset of(ResetPlan plan, boolean dryRun) {
            return new Reset(
                    plan.group().id(),
                    dryRun,
                    Math.toIntExact(plan.changed()),
                    plan.offsets().stream()
                            .map(each -> new Change(
                                    each.topic(),
                                    each.partition(),
                                    ConsumerLagData.known(each.before()),
                                    each.after(),
                                    each.lagAfter(),
                                    each.cut()))
                            .toList());
        }
    }

    /** In one partition. */
    record Change(
            @JsonProperty("topic_name") String topicName,
            @JsonProperty("partition_id") int partitionId,
            Long before,
            long after,
            @JsonProperty("lag_after") long lagAfter,
            @JsonProperty("outside_log") boolean outsideLog) {}
}
