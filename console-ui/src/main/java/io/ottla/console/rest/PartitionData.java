package io.ottla.console.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.clusters.Partition;
import io.ottla.console.rest.Links.Metadata;
import io.ottla.console.rest.Links.Related;

/** A partition. */
record PartitionData(
        String kind,
        Metadata metadata,
        @JsonProperty("cluster_id") String clusterId,
        @JsonProperty("topic_name") String topicName,
        @JsonProperty("partition_id") int partitionId,
        Related leader,
        Related replicas,
        Related reassignment) {

    static PartitionData of(String topic, Partition partition, Links links) {
        String at = "/topics/" + topic + "/partitions/" + partition.id();
        return new PartitionData(
                "KafkaPartition",
                links.metadata(at),
                links.cluster(),
                topic,
                partition.id(),
                partition.offline() ? null : links.related(at + "/replicas/" + partition.leader()),
                links.related(at + "/replicas"),
                links.related(at + "/reassignment"));
    }
}
