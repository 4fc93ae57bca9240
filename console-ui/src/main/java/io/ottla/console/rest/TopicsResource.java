package io.ottla.console.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.access.Action;
import io.ottla.console.access.Needs;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Extent;
import io.ottla.console.clusters.Partition;
import io.ottla.console.clusters.Topic;
import io.ottla.console.clusters.TopicSummary;
import io.ottla.console.topics.CreatedTopic;
import io.ottla.console.topics.NewTopicDraft;
import io.ottla.console.topics.TopicChanges;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Topics and their partitions. */
@RestController
@RequestMapping(
        path = {"/v3/clusters/{clusterId}/topics", "/kafka/v3/clusters/{clusterId}/topics"},
        produces = MediaType.APPLICATION_JSON_VALUE)
final class TopicsResource {
    @GetMapping
    Links.Listed<TopicData> topics(Visit visit, @PathVariable String clusterId, HttpServletRequest request) {
        Links links = Links.of(request, clusterId);
        return links.listed(
                "KafkaTopicList",
                "/topics",
                visit.topics().stream().map(topic -> TopicData.of(topic, links)).toList());
    }

    /** 201 with the topic that was made; 200 with the one that would have been when it is only to be checked. */
    @Needs(Action.CREATE_TOPIC)
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<TopicData> create(
            Visit visit, @PathVariable String clusterId, @RequestBody NewTopicData body, HttpServletRequest request) {
        NewTopicDraft draft = body.draft();
        CreatedTopic created = TopicChanges.create(visit, draft);
        TopicSummary summary = new TopicSummary(
                created.name(),
                "",
                false,
                Math.max(0, created.partitions()),
                Math.max(0, created.replicationFactor()),
                0,
                0,
                -1,
                null);
        TopicData topic = TopicData.of(summary, Links.of(request, clusterId));
        return draft.validateOnly()
                ? ResponseEntity.ok(topic)
                : ResponseEntity.created(URI.create(topic.metadata().self())).body(topic);
    }

    @GetMapping("/{topic}")
    TopicData topic(
            Visit visit, @PathVariable String clusterId, @PathVariable String topic, HttpServletRequest request) {
        return TopicData.of(visit.topic(topic).summary(), Links.of(request, clusterId));
    }

    /** The body of a request for more partitions. */
    record MorePartitions(@JsonProperty("partitions_count") Integer partitionsCount) {}

    @Needs(Action.ADD_PARTITIONS)
    @PatchMapping(path = "/{topic}", consumes = MediaType.APPLICATION_JSON_VALUE)
    TopicData addPartitions(
            Visit visit,
            @PathVariable String clusterId,
            @PathVariable String topic,
            @RequestBody MorePartitions body,
            HttpServletRequest request) {
        if (body.partitionsCount() == null) {
            throw new ApiFailure(ApiError.BAD_REQUEST, "Expected partitions_count, but the request has none.");
        }
        try {
            TopicChanges.addPartitions(visit, topic, body.partitionsCount());
        } catch (ClusterFailure refused) {
            if (refused.reason() != ClusterFailure.Reason.REFUSED
                    || refused.kind().isPresent()) {
                throw refused;
            }
            throw new ApiFailure(ApiError.REFUSED_BY_CLUSTER, "partitions_count: " + refused.getMessage());
        }
        return TopicData.of(visit.topic(topic).summary(), Links.of(request, clusterId));
    }

    @Needs(Action.DELETE_TOPIC)
    @DeleteMapping("/{topic}")
    ResponseEntity<Void> delete(Visit visit, @PathVariable String clusterId, @PathVariable String topic) {
        TopicChanges.delete(visit, topic);
        return ResponseEntity.noContent().build();
    }

    @GetMapping("/{topic}/partitions")
    Links.Listed<PartitionData> partitions(
            Visit visit, @PathVariable String clusterId, @PathVariable String topic, HttpServletRequest request) {
        Links links = Links.of(request, clusterId);
        Topic found = visit.topic(topic);
        return links.listed(
                "KafkaPartitionList",
                "/topics/" + found.name() + "/partitions",
                found.partitions().stream()
                        .map(partition -> PartitionData.of(found.name(), partition, links))
                        .toList());
    }

    @GetMapping("/{topic}/partitions/{partition}")
    PartitionData partition(
            Visit visit,
            @PathVariable String clusterId,
            @PathVariable String topic,
            @PathVariable int partition,
            HttpServletRequest request) {
        Topic found = visit.topic(topic);
        return PartitionData.of(found.name(), partitionOf(found, partition), Links.of(request, clusterId));
    }

    @GetMapping("/{topic}/partitions/{partition}/offset")
    PartitionOffsetsData offsets(
            Visit visit,
            @PathVariable String clusterId,
            @PathVariable String topic,
            @PathVariable int partition,
            HttpServletRequest request) {
        Topic found = visit.topic(topic);
        Partition wanted = partitionOf(found, partition);
        Extent extent = visit.cluster().extents(found, List.of(wanted)).getOrDefault(partition, Extent.UNKNOWN);
        return PartitionOffsetsData.of(found.name(), partition, extent, Links.of(request, clusterId));
    }

    private static Partition partitionOf(Topic topic, int partition) {
        return topic.partitions().stream()
                .filter(candidate -> candidate.id() == partition)
                .findFirst()
                .orElseThrow(() -> new ApiFailure(
                        ApiError.NO_SUCH_PARTITION,
                        "Expected a partition below " + topic.partitions().size() + ", but was asked for " + partition
                                + "."));
    }
}
