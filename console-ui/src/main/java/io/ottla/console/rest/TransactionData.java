package io.ottla.console.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.access.Action;
import io.ottla.console.access.Visit;
import io.ottla.console.pages.Addresses;
import io.ottla.console.rest.Links.Metadata;
import io.ottla.console.transactions.Described;
import io.ottla.console.transactions.Hanging;
import io.ottla.console.transactions.Listed;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** A transactional id, as lists have it. */
record TransactionData(
        String kind,
        Metadata metadata,
        @JsonProperty("cluster_id") String clusterId,
        @JsonProperty("transactional_id") String transactionalId,
        String state,
        @JsonProperty("producer_id") long producerId,
        @JsonProperty("coordinator_id") int coordinatorId) {

    static TransactionData of(Listed listed, Links links) {
        return new TransactionData(
                "Transaction",
                links.metadata(below(listed.id())),
                links.cluster(),
                listed.id(),
                listed.state().name(),
                listed.producerId(),
                listed.coordinator());
    }

    private static String below(String id) {
        return "/transactions/" + Addresses.segment(id);
    }

    /**
     * All that is told of one.
     *
     * @param startedAt milliseconds since 1970; null while no transaction is open
     * @param partitions those alone that the caller may see
     */
    record Whole(
            String kind,
            Metadata metadata,
            @JsonProperty("cluster_id") String clusterId,
            @JsonProperty("transactional_id") String transactionalId,
            String state,
            @JsonProperty("producer_id") long producerId,
            @JsonProperty("producer_epoch") int producerEpoch,
            @JsonProperty("coordinator_id") int coordinatorId,
            @JsonProperty("timeout_ms") long timeoutMs,
            @JsonProperty("started_at_ms") Long startedAt,
            List<Part> partitions) {

        static Whole of(Described told, Visit visit, Map<TopicPartition, Long> starts, Links links) {
            return new Whole(
                    "TransactionDescription",
                    links.metadata(below(told.id())),
                    links.cluster(),
                    told.id(),
                    told.state().name(),
                    told.producerId(),
                    told.epoch(),
                    told.coordinator(),
                    told.timeoutMs(),
                    told.startedAt() == null ? null : told.startedAt().toEpochMilli(),
                    told.partitions().stream()
                            .filter(at -> visit.may(Action.VIEW_TOPIC, at.topic()))
                            .map(at -> new Part(at.topic(), at.partition(), starts.get(at)))
                            .toList());
        }
    }

    /** @param startOffset null where its leader does not tell */
    record Part(
            @JsonProperty("topic_name") String topicName,
            @JsonProperty("partition_id") int partitionId,
            @JsonProperty("start_offset") Long startOffset) {}

    /** A transaction that hangs. */
    record HangingData(
            String kind,
            @JsonProperty("cluster_id") String clusterId,
            @JsonProperty("topic_name") String topicName,
            @JsonProperty("partition_id") int partitionId,
            @JsonProperty("producer_id") long producerId,
            @JsonProperty("producer_epoch") int producerEpoch,
            @JsonProperty("coordinator_epoch") int coordinatorEpoch,
            @JsonProperty("start_offset") long startOffset,
            @JsonProperty("last_timestamp_ms") long lastTimestampMs) {

        static HangingData of(Hanging hanging, Links links) {
            return new HangingData(
                    "HangingTransaction",
                    links.cluster(),
                    hanging.topic(),
                    hanging.partition(),
                    hanging.producerId(),
                    hanging.epoch(),
                    hanging.coordinatorEpoch(),
                    hanging.startOffset(),
                    hanging.last().toEpochMilli());
        }
    }
}
