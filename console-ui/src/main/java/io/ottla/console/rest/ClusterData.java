package io.ottla.console.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.clusters.ClusterPicture;
import io.ottla.console.rest.Links.Metadata;
import io.ottla.console.rest.Links.Related;
import java.util.OptionalInt;

/** A cluster. */
record ClusterData(
        String kind,
        Metadata metadata,
        @JsonProperty("cluster_id") String clusterId,
        Related controller,
        Related acls,
        Related brokers,
        @JsonProperty("broker_configs") Related brokerConfigs,
        @JsonProperty("consumer_groups") Related consumerGroups,
        Related topics,
        @JsonProperty("partition_reassignments") Related partitionReassignments) {

    static ClusterData of(ClusterPicture cluster, Links links) {
        return of(cluster.id(), cluster.controller(), links);
    }

    /** @param controller empty where there is none, or none is known */
    static ClusterData of(String id, OptionalInt controller, Links links) {
        return new ClusterData(
                "KafkaCluster",
                links.metadata(""),
                id,
                controller.isPresent() ? links.related("/brokers/" + controller.getAsInt()) : null,
                links.related("/acls"),
                links.related("/brokers"),
                links.related("/broker-configs"),
                links.related("/consumer-groups"),
                links.related("/topics"),
                links.related("/topics/-/partitions/-/reassignment"));
    }
}
