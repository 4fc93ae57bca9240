package io.ottla.console.rest;

import io.ottla.console.access.Visit;
import io.ottla.console.clusters.Partition;
import io.ottla.console.clusters.Topic;
import io.ottla.console.reassignment.FolderMoves;
import io.ottla.console.reassignment.Layouts;
import io.ottla.console.reassignment.MoveWatch;
import io.ottla.console.reassignment.RunningMove;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Replicas, and which of them are being moved. */
@RestController
@RequestMapping(
        path = {"/v3/clusters/{clusterId}", "/kafka/v3/clusters/{clusterId}"},
        produces = MediaType.APPLICATION_JSON_VALUE)
final class ReplicasResource {
    private final MoveWatch watch;

    ReplicasResource(MoveWatch watch) {
        this.watch = watch;
    }

    @GetMapping("/topics/{topic}/partitions/{partition}/replicas")
    Links.Listed<ReplicaData> replicas(
            Visit visit,
            @PathVariable String clusterId,
            @PathVariable String topic,
            @PathVariable int partition,
            HttpServletRequest request) {
        Links links = Links.of(request, clusterId);
        Partition found = partition(visit, topic, partition);
        return links.listed(
                "KafkaReplicaList",
                "/topics/" + topic + "/partitions/" + partition + "/replicas",
                found.replicas().stream()
                        .map(broker -> ReplicaData.of(topic, found, broker, links))
                        .toList());
    }

    @GetMapping("/topics/{topic}/partitions/{partition}/replicas/{broker}")
    ReplicaData replica(
            Visit visit,
            @PathVariable String clusterId,
            @PathVariable String topic,
            @PathVariable int partition,
            @PathVariable int broker,
            HttpServletRequest request) {
        Partition found = partition(visit, topic, partition);
        if (!found.replicas().contains(broker)) {
            throw new ApiFailure(
                    ApiError.NO_SUCH_BROKER,
                    "Expected one of the replicas " + found.replicas() + ", but was asked for " + broker + ".");
        }
        return ReplicaData.of(topic, found, broker, Links.of(request, clusterId));
    }

    /** Those that the broker's disks have and the cluster knows. */
    @GetMapping("/brokers/{broker}/partition-replicas")
    Links.Listed<ReplicaData> ofBroker(
            Visit visit, @PathVariable String clusterId, @PathVariable int broker, HttpServletRequest request) {
        Links links = Links.of(request, clusterId);
        Set<TopicPartition> held = new HashSet<>();
        Set<String> topics = new TreeSet<>();
        FolderMoves.of(visit, broker).replicas().forEach(replica -> {
            held.add(replica.partition());
            topics.add(replica.partition().topic());
        });
        List<ReplicaData> replicas = new ArrayList<>();
        for (Topic topic : Layouts.topics(visit, topics)) {
            for (Partition each : topic.partitions()) {
                if (each.replicas().contains(broker) && held.contains(new TopicPartition(topic.name(), each.id()))) {
                    replicas.add(ReplicaData.of(topic.name(), each, broker, links));
                }
            }
        }
        return links.listed("KafkaReplicaList", "/brokers/" + broker + "/partition-replicas", replicas);
    }

    @GetMapping("/topics/-/partitions/-/reassignment")
    Links.Listed<ReassignmentData> all(Visit visit, @PathVariable String clusterId, HttpServletRequest request) {
        return listed(watch.look(visit).moves(), "/topics/-/partitions/-/reassignment", Links.of(request, clusterId));
    }

    @GetMapping("/topics/{topic}/partitions/-/reassignment")
    Links.Listed<ReassignmentData> ofTopic(
            Visit visit, @PathVariable String clusterId, @PathVariable String topic, HttpServletRequest request) {
        visit.topic(topic);
        return listed(
                watch.look(visit).moves().stream()
                        .filter(move -> move.partition().topic().equals(topic))
                        .toList(),
                "/topics/" + topic + "/partitions/-/reassignment",
                Links.of(request, clusterId));
    }

    @GetMapping("/topics/{topic}/partitions/{partition}/reassignment")
    ReassignmentData ofPartition(
            Visit visit,
            @PathVariable String clusterId,
            @PathVariable String topic,
            @PathVariable int partition,
            HttpServletRequest request) {
        partition(visit, topic, partition);
        TopicPartition at = new TopicPartition(topic, partition);
        RunningMove found = watch.look(visit).moves().stream()
                .filter(move -> move.partition().equals(at))
                .findFirst()
                .orElseThrow(() -> new ApiFailure(ApiError.NOT_FOUND, at + " is not being moved."));
        return ReassignmentData.of(found, Links.of(request, clusterId));
    }

    private static Links.Listed<ReassignmentData> listed(List<RunningMove> moves, String at, Links links) {
        return links.listed(
                "KafkaReassignmentList",
                at,
                moves.stream().map(move -> ReassignmentData.of(move, links)).toList());
    }

    private static Partition partition(Visit visit, String topic, int partition) {
        Topic found = visit.topic(topic);
        return found.partitions().stream()
                .filter(candidate -> candidate.id() == partition)
                .findFirst()
                .orElseThrow(() -> new ApiFailure(
                        ApiError.NO_SUCH_PARTITION,
                        "Expected a partition below " + found.partitions().size() + ", but was asked for " + partition
                                + "."));
    }
}
