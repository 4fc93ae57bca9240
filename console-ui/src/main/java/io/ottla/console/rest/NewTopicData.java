package io.ottla.console.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.topics.NewTopicDraft;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The body of a request for a new topic. Only the name has to be there. */
record NewTopicData(
        @JsonProperty("topic_name") String topicName,
        @JsonProperty("partitions_count") Integer partitionsCount,
        @JsonProperty("replication_factor") Integer replicationFactor,
        @JsonProperty("replicas_assignments") List<Assignment> replicasAssignments,
        List<Config> configs,
        @JsonProperty("validate_only") Boolean validateOnly) {

    private static final int CLUSTERS_OWN = -1;

    /** Where a partition's replicas go. */
    record Assignment(
            @JsonProperty("partition_id") Integer partitionId,
            @JsonProperty("broker_ids") List<Integer> brokerIds) {}

    /** A setting. */
    record Config(String name, String value) {}

    NewTopicDraft draft() {
        if (topicName == null || topicName.isBlank()) {
            throw refused("Expected topic_name, but the request has none.");
        }
        Map<Integer, List<Integer>> assignments = assignments();
        if (!assignments.isEmpty() && (partitionsCount != null || replicationFactor != null)) {
            throw refused(
                    "Expected either replicas_assignments or partitions_count and replication_factor, but got both.");
        }
        require("partitions_count", partitionsCount);
        require("replication_factor", replicationFactor);
        return new NewTopicDraft(
                topicName,
                boxed(partitionsCount),
                boxed(replicationFactor),
                assignments,
                settings(),
                Boolean.TRUE.equals(validateOnly));
    }

    private Map<Integer, List<Integer>> assignments() {
        Map<Integer, List<Integer>> assignments = new HashMap<>();
        for (Assignment assignment : replicasAssignments == null ? List.<Assignment>of() : replicasAssignments) {
            if (assignment == null
                    || assignment.partitionId() == null
                    || assignment.brokerIds() == null
                    || assignment.brokerIds().contains(null)) {
                throw refused("Expected partition_id and broker_ids in each of replicas_assignments.");
            }
            if (assignments.put(assignment.partitionId(), assignment.brokerIds()) != null) {
                throw refused("Expected each partition once in replicas_assignments, but " + assignment.partitionId()
                        + " is there twice.");
            }
        }
        return assignments;
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        for (Config config : configs == null ? List.<Config>of() : configs) {
            if (config == null || config.name() == null || config.value() == null) {
                throw refused("Expected a name and a value in each of configs.");
            }
            if (settings.put(config.name(), config.value()) != null) {
                throw refused("Expected each setting once in configs, but " + config.name() + " is there twice.");
            }
        }
        return settings;
    }

    /** What stands for the cluster's own is for it to understand. */
    private static void require(String field, Integer count) {
        if (count != null && count < 1 && count != CLUSTERS_OWN) {
            throw refused("Expected " + field + " of 1 or more, but got " + count + ".");
        }
    }

    private static OptionalInt boxed(Integer count) {
        return count == null ? OptionalInt.empty() : OptionalInt.of(count);
    }

    private static ApiFailure refused(String message) {
        return new ApiFailure(ApiError.BAD_REQUEST, message);
    }
}
