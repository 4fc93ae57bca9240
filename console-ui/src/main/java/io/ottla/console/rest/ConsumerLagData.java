package io.ottla.console.rest;

import static io.ottla.console.pages.Addresses.segment;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.groups.Member;
import io.ottla.console.lag.PartitionLag;
import io.ottla.console.rest.Links.Metadata;

/** How far a group is in a partition; null stands for what is unknown, nobody, or an offset that was never committed. */
record ConsumerLagData(
        String kind,
        Metadata metadata,
        @JsonProperty("cluster_id") String clusterId,
        @JsonProperty("consumer_group_id") String groupId,
        @JsonProperty("topic_name") String topicName,
        @JsonProperty("partition_id") int partitionId,
        @JsonProperty("consumer_id") String consumerId,
        @JsonProperty("instance_id") String instanceId,
        @JsonProperty("client_id") String clientId,
        @JsonProperty("current_offset") Long currentOffset,
        @JsonProperty("log_end_offset") Long logEndOffset,
        Long lag) {

    /** @param owner null where nobody reads it */
    static ConsumerLagData of(String group, PartitionLag lag, Member owner, Links links) {
        return new ConsumerLagData(
                "KafkaConsumerLag",
                links.metadata("/consumer-groups/" + segment(group) + "/lags/" + lag.topic() + "/partitions/"
                        + lag.partition()),
                links.cluster(),
                group,
                lag.topic(),
                lag.partition(),
                owner == null ? null : owner.id(),
                owner == null || owner.instance().isEmpty() ? null : owner.instance(),
                owner == null ? null : owner.client(),
                known(lag.committed()),
                known(lag.end()),
                known(lag.lag()));
    }

    static Long known(long value) {
        return value < 0 ? null : value;
    }
}
