package io.ottla.console.rest;

import static io.ottla.console.pages.Addresses.segment;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.groups.Member;
import io.ottla.console.rest.Links.Metadata;
import io.ottla.console.rest.Links.Related;

/** A member of a group. */
record ConsumerData(
        String kind,
        Metadata metadata,
        @JsonProperty("cluster_id") String clusterId,
        @JsonProperty("consumer_group_id") String groupId,
        @JsonProperty("consumer_id") String consumerId,
        @JsonProperty("instance_id") String instanceId,
        @JsonProperty("client_id") String clientId,
        String host,
        Related assignments) {

    static ConsumerData of(String group, Member member, Links links) {
        String at = "/consumer-groups/" + segment(group) + "/consumers/" + segment(member.id());
        return new ConsumerData(
                "KafkaConsumer",
                links.metadata(at),
                links.cluster(),
                group,
                member.id(),
                member.instance().isEmpty() ? null : member.instance(),
                member.client(),
                member.host(),
                links.related(at + "/assignments"));
    }
}
