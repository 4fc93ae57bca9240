package io.ottla.console.rest;

import static io.ottla.console.pages.Addresses.segment;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.rest.Links.Metadata;
import io.ottla.console.rest.Links.Related;

/** A partition that a member has. */
record ConsumerAssignmentData(
        String kind,
        Metadata metadata,
        @JsonProperty("cluster_id") String clusterId,
        @JsonProperty("consumer_group_id") String groupId,
        @JsonProperty("consumer_id") String consumerId,
        @JsonProperty("topic_name") String topicName,
        @JsonProperty("partition_id") int partitionId,
        Related partition,
        Related lag) {

    static ConsumerAssignmentData of(String group, String member, String topic, int partition, Links links) {
        String ofPartition = "/topics/" + topic + "/partitions/" + partition;
        return new ConsumerAssignmentData(
                "KafkaConsumerAssignment",
                links.metadata("/consumer-groups/" + segment(group) + "/consumers/" + segment(member) + "/assignments/"
                        + topic + "/partitions/" + partition),
                links.cluster(),
                group,
                member,
                topic,
                partition,
                links.related(ofPartition),
                links.related(
                        "/consumer-groups/" + segment(group) + "/lags" + ofPartition.substring("/topics".length())));
    }
}
