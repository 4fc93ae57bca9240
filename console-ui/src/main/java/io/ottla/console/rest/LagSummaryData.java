package io.ottla.console.rest;

import static io.ottla.console.pages.Addresses.segment;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.groups.Member;
import io.ottla.console.lag.PartitionLag;
import io.ottla.console.rest.Links.Metadata;
import io.ottla.console.rest.Links.Related;

/** How far a group is behind, and where most. */
record LagSummaryData(
        String kind,
        Metadata metadata,
        @JsonProperty("cluster_id") String clusterId,
        @JsonProperty("consumer_group_id") String groupId,
        @JsonProperty("max_lag_consumer_id") String maxLagConsumerId,
        @JsonProperty("max_lag_instance_id") String maxLagInstanceId,
        @JsonProperty("max_lag_client_id") String maxLagClientId,
        @JsonProperty("max_lag_topic_name") String maxLagTopicName,
        @JsonProperty("max_lag_partition_id") Integer maxLagPartitionId,
        @JsonProperty("max_lag") Long maxLag,
        @JsonProperty("total_lag") Long totalLag,
        @JsonProperty("max_lag_consumer") Related maxLagConsumer,
        @JsonProperty("max_lag_partition") Related maxLagPartition) {

    /**
     * @param most where it is most behind; null where nothing is known
     * @param owner of that; null where nobody reads it
     */
    static LagSummaryData of(String group, long total, PartitionLag most, Member owner, Links links) {
        String at = "/consumer-groups/" + segment(group);
        return new LagSummaryData(
                "KafkaConsumerGroupLagSummary",
                links.metadata(at + "/lag-summary"),
                links.cluster(),
                group,
                owner == null ? null : owner.id(),
                owner == null || owner.instance().isEmpty() ? null : owner.instance(),
                owner == null ? null : owner.client(),
                most == null ? null : most.topic(),
                most == null ? null : most.partition(),
                most == null ? null : most.lag(),
                ConsumerLagData.known(total),
                owner == null ? null : links.related(at + "/consumers/" + segment(owner.id())),
                most == null ? null : links.related("/topics/" + most.topic() + "/partitions/" + most.partition()));
    }
}
