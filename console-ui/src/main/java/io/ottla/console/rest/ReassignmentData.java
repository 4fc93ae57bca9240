package io.ottla.console.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.reassignment.RunningMove;
import io.ottla.console.rest.Links.Metadata;
import io.ottla.console.rest.Links.Related;
import java.util.List;

/** A partition that is being moved. */
record ReassignmentData(
        String kind,
        Metadata metadata,
        @JsonProperty("cluster_id") String clusterId,
        @JsonProperty("topic_name") String topicName,
        @JsonProperty("partition_id") int partitionId,
        @JsonProperty("adding_replicas") List<Integer> adding,
        @JsonProperty("removing_replicas") List<Integer> removing,
        Related replicas) {

    static ReassignmentData of(RunningMove move, Links links) {
        String at = "/topics/" + move.partition().topic() + "/partitions/"
                + move.partition().partition();
        return new ReassignmentData(
                "KafkaReassignment",
                links.metadata(at + "/reassignment"),
                links.cluster(),
                move.partition().topic(),
                move.partition().partition(),
                move.adding(),
                move.removing(),
                links.related(at + "/replicas"));
    }
}
