package io.ottla.console.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.clusters.Partition;
import io.ottla.console.rest.Links.Metadata;
import io.ottla.console.rest.Links.Related;

/** A replica of a partition. */
record ReplicaData(
        String kind,
        Metadata metadata,
        @JsonProperty("cluster_id") String clusterId,
        @JsonProperty("topic_name") String topicName,
        @JsonProperty("partition_id") int partitionId,
        @JsonProperty("broker_id") int brokerId,
        @JsonProperty("is_leader") boolean leader,
        @JsonProperty("is_in_sync") boolean inSync,
        Related broker) {

    static ReplicaData of(String topic, Partition partition, int broker, Links links) {
        return new ReplicaData(
                "KafkaReplica",
                links.metadata("/topics/" + topic + "/partitions/" + partition.id() + "/replicas/" + broker),
                links.cluster(),
                topic,
                partition.id(),
                broker,
                partition.leader() == broker,
                partition.inSync().contains(broker),
                links.related("/brokers/" + broker));
    }
}
