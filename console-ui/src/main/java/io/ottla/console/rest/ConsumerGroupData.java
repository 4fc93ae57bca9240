package io.ottla.console.rest;

import static io.ottla.console.pages.Addresses.segment;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.groups.Group;
import io.ottla.console.rest.Links.Metadata;
import io.ottla.console.rest.Links.Related;

/** A group of consumers. */
record ConsumerGroupData(
        String kind,
        Metadata metadata,
        @JsonProperty("cluster_id") String clusterId,
        @JsonProperty("consumer_group_id") String groupId,
        @JsonProperty("is_simple") boolean simple,
        @JsonProperty("partition_assignor") String assignor,
        String state,
        String type,
        Related coordinator,
        @JsonProperty("consumer") Related consumer,
        Related consumers,
        @JsonProperty("lag_summary") Related lagSummary) {

    static ConsumerGroupData of(Group group, Links links) {
        String at = "/consumer-groups/" + segment(group.id());
        return new ConsumerGroupData(
                "KafkaConsumerGroup",
                links.metadata(at),
                links.cluster(),
                group.id(),
                group.simple(),
                group.assignor(),
                group.state().name(),
                group.type().name(),
                group.coordinator() < 0 ? null : links.related("/brokers/" + group.coordinator()),
                links.related(at + "/consumers"),
                links.related(at + "/consumers"),
                links.related(at + "/lag-summary"));
    }
}
