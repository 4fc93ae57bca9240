package io.ottla.console.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.clusters.TopicSummary;
import io.ottla.console.rest.Links.Metadata;
import io.ottla.console.rest.Links.Related;
import java.util.List;

/** A topic. */
record TopicData(
        String kind,
        Metadata metadata,
        @JsonProperty("cluster_id") String clusterId,
        @JsonProperty("topic_name") String topicName,
        @JsonProperty("is_internal") boolean internal,
        @JsonProperty("replication_factor") int replicationFactor,
        @JsonProperty("partitions_count") int partitionsCount,
        Related partitions,
        Related configs,
        @JsonProperty("partition_reassignments") Related partitionReassignments,
        @JsonProperty("authorized_operations") List<String> authorizedOperations) {

    static TopicData of(TopicSummary topic, Links links) {
        String at = "/topics/" + topic.name();
        return new TopicData(
                "KafkaTopic",
                links.metadata(at),
                links.cluster(),
                topic.name(),
                topic.internal(),
                topic.replicationFactor(),
                topic.partitions(),
                links.related(at + "/partitions"),
                links.related(at + "/configs"),
                links.related(at + "/partitions/-/reassignment"),
                List.of());
    }
}
