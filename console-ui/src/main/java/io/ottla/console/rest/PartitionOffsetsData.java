package io.ottla.console.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.clusters.Extent;
import io.ottla.console.rest.Links.Metadata;

/**
 * How far a partition's log reaches.
 *
 * @param earliestOffset null where nobody tells it, as of a partition without a leader
 * @param latestOffset the one that the next record gets; null likewise
 */
record PartitionOffsetsData(
        String kind,
        Metadata metadata,
        @JsonProperty("cluster_id") String clusterId,
        @JsonProperty("topic_name") String topicName,
        @JsonProperty("partition_id") int partitionId,
        @JsonProperty("earliest_offset") Long earliestOffset,
        @JsonProperty("latest_offset") Long latestOffset) {

    static PartitionOffsetsData of(String topic, int partition, Extent extent, Links links) {
        return new PartitionOffsetsData(
                "KafkaPartitionWithOffsets",
                links.metadata("/topics/" + topic + "/partitions/" + partition + "/offset"),
                links.cluster(),
                topic,
                partition,
                known(extent.firstOffset()),
                known(extent.endOffset()));
    }

    private static Long known(long offset) {
        return offset < 0 ? null : offset;
    }
}
