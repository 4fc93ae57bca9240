package io.ottla.console.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.clusters.ClusterPicture.Broker;
import io.ottla.console.rest.Links.Metadata;
import io.ottla.console.rest.Links.Related;

/** A broker. */
record BrokerData(
        String kind,
        Metadata metadata,
        @JsonProperty("cluster_id") String clusterId,
        @JsonProperty("broker_id") int brokerId,
        String host,
        int port,
        String rack,
        Related configs,
        @JsonProperty("partition_replicas") Related partitionReplicas) {

    static BrokerData of(Broker broker, Links links) {
        String at = "/brokers/" + broker.id();
        return new BrokerData(
                "KafkaBroker",
                links.metadata(at),
                links.cluster(),
                broker.id(),
                broker.host(),
                broker.port(),
                broker.rack().isEmpty() ? null : broker.rack(),
                links.related(at + "/configs"),
                links.related(at + "/partition-replicas"));
    }
}
