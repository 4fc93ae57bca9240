package io.ottla.console.rest;

import static io.ottla.console.rest.ClustersResource.ours;

import io.ottla.console.clusters.Cluster;
import io.ottla.console.clusters.CreatedTopic;
import io.ottla.console.clusters.NewTopicDraft;
import io.ottla.console.clusters.Partition;
import io.ottla.console.clusters.Topic;
import io.ottla.console.clusters.TopicSummary;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Topics and their partitions. */
@RestController
@RequestMapping(
        path = {"/v3/clusters/{id}/topics", "/kafka/v3/clusters/{id}/topics"},
        produces = MediaType.APPLICATION_JSON_VALUE)
final class TopicsResource {
    private final Cluster cluster;

    TopicsResource(Cluster cluster) {
        this.cluster = cluster;
    }

    @GetMapping
    Links.Listed<TopicData> topics(@PathVariable String id, HttpServletRequest request) {
        ours(cluster, id);
        Links links = Links.of(request, id);
        return links.listed(
                "KafkaTopicList",
                "/topics",
                cluster.topics().stream()
                        .map(topic -> TopicData.of(topic, links))
                        .toList());
    }

    /** 201 with the topic that was made; 200 with the one that would have been when it is only to be checked. */
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<TopicData> create(
            @PathVariable String id, @RequestBody NewTopicData body, HttpServletRequest request) {
        ours(cluster, id);
        NewTopicDraft draft = body.draft();
        CreatedTopic created = cluster.create(draft);
        TopicSummary summary = new TopicSummary(
                created.name(),
                "",
                false,
                Math.max(0, created.partitions()),
                Math.max(0, created.replicationFactor()),
                0,
                0,
                -1);
        TopicData topic = TopicData.of(summary, Links.of(request, id));
        return draft.validateOnly()
                ? ResponseEntity.ok(topic)
                : ResponseEntity.created(URI.create(topic.metadata().self())).body(topic);
    }

    @GetMapping("/{topic}")
    TopicData topic(@PathVariable String id, @PathVariable String topic, HttpServletRequest request) {
        ours(cluster, id);
        return TopicData.of(cluster.topic(topic).summary(), Links.of(request, id));
    }

    @DeleteMapping("/{topic}")
    ResponseEntity<Void> delete(@PathVariable String id, @PathVariable String topic) {
        ours(cluster, id);
        cluster.delete(topic);
        return ResponseEntity.noContent().build();
    }

    @GetMapping("/{topic}/partitions")
    Links.Listed<PartitionData> partitions(
            @PathVariable String id, @PathVariable String topic, HttpServletRequest request) {
        ours(cluster, id);
        Links links = Links.of(request, id);
        Topic found = cluster.topic(topic);
        return links.listed(
                "KafkaPartitionList",
                "/topics/" + found.name() + "/partitions",
                found.partitions().stream()
                        .map(partition -> PartitionData.of(found.name(), partition, links))
                        .toList());
    }

    @GetMapping("/{topic}/partitions/{partition}")
    PartitionData partition(
            @PathVariable String id,
            @PathVariable String topic,
            @PathVariable int partition,
            HttpServletRequest request) {
        ours(cluster, id);
        Topic found = cluster.topic(topic);
        Partition wanted = found.partitions().stream()
                .filter(candidate -> candidate.id() == partition)
                .findFirst()
                .orElseThrow(() -> new ApiFailure(
                        ApiError.NO_SUCH_PARTITION,
                        "Expected a partition below " + found.partitions().size() + ", but was asked for " + partition
                                + "."));
        return PartitionData.of(found.name(), wanted, Links.of(request, id));
    }
}
