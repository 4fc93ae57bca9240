package io.ottla.console.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.access.Action;
import io.ottla.console.access.Needs;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.Partition;
import io.ottla.console.clusters.Topic;
import io.ottla.console.topics.TopicChanges;
import io.ottla.console.words.Wording;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Deletes records from the beginning of partitions on (KIP-107). */
@RestController
@RequestMapping(
        path = "/api/v1/clusters/{clusterId}/topics",
        produces = MediaType.APPLICATION_JSON_VALUE,
        consumes = MediaType.APPLICATION_JSON_VALUE)
final class RecordDeletionResource {
    /**
     * What is to go from one partition.
     *
     * @param before the first offset that stays
     */
    record Part(
            @JsonProperty("partition_id") Integer partition,
            @JsonProperty("before_offset") Long before) {}

    /**
     * What is to go.
     *
     * @param partitions by partition; null where all is said alike
     * @param all whether nothing stays
     */
    record Deletion(List<Part> partitions, Boolean all) {}

    /** @param start the first offset that is there now */
    record Left(
            @JsonProperty("partition_id") int partition,
            @JsonProperty("log_start_offset") long start) {}

    record Answer(String kind, List<Left> data) {}

    @Needs(Action.DELETE_RECORDS)
    @PostMapping("/{topic}/records:delete")
    Answer delete(Visit visit, @PathVariable String clusterId, @PathVariable String topic, @RequestBody Deletion body) {
        visit.require(Action.DELETE_RECORDS, topic);
        Topic found = visit.topic(topic);
        Map<Integer, Long> before = before(found, body);
        Wording beyond = TopicChanges.beyond(visit, found, before);
        if (beyond != null) {
            throw Bodies.bad("before_offset: " + beyond);
        }
        return new Answer(
                "DeletedRecordList",
                TopicChanges.deleteRecords(visit, topic, before).entrySet().stream()
                        .map(each -> new Left(each.getKey(), each.getValue()))
                        .toList());
    }

    private static Map<Integer, Long> before(Topic topic, Deletion body) {
        Map<Integer, Long> before = new TreeMap<>();
        List<Part> parts = Bodies.list(body.partitions(), "partitions");
        if (Boolean.TRUE.equals(body.all())) {
            if (!parts.isEmpty()) {
                throw Bodies.bad("Expected either partitions or all, but the request has both.");
            }
            for (Partition partition : topic.partitions()) {
                before.put(partition.id(), TopicChanges.ALL_RECORDS);
            }
            return before;
        }
        if (parts.isEmpty()) {
            throw Bodies.bad("Expected partitions, or all to be true, but the request says neither.");
        }
        for (Part part : parts) {
            int partition = Bodies.need(part.partition(), "partition_id in each of partitions");
            long offset = Bodies.need(part.before(), "before_offset in each of partitions");
            if (offset < 0) {
                throw Bodies.bad("Expected before_offset to be 0 or more, but got " + offset + ".");
            }
            if (topic.partitions().stream().noneMatch(each -> each.id() == partition)) {
                throw new ApiFailure(
                        ApiError.NO_SUCH_PARTITION,
                        "Expected a partition of the topic as partition_id, but it has no " + partition + ".");
            }
            if (before.put(partition, offset) != null) {
                throw Bodies.bad("Expected each partition_id once, but got " + partition + " twice.");
            }
        }
        return before;
    }
}
