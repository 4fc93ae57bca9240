package io.ottla.console.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.access.Action;
import io.ottla.console.access.Needs;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.LogFolder;
import io.ottla.console.reassignment.BrokerReplica;
import io.ottla.console.reassignment.FolderMoves;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The log folders of a broker, and moves between them. */
@RestController
@RequestMapping(
        path = "/api/v1/clusters/{clusterId}/brokers/{broker}/log-dirs",
        produces = MediaType.APPLICATION_JSON_VALUE)
final class LogDirsResource {
    /** A folder; null stands for what the broker does not tell. */
    record Folder(
            String path,
            @JsonProperty("total_bytes") Long total,
            @JsonProperty("usable_bytes") Long usable,
            @JsonProperty("log_bytes") long logs,
            int replicas,
            String error) {
        static Folder of(LogFolder folder) {
            return new Folder(
                    folder.path(),
                    folder.totalBytes() < 0 ? null : folder.totalBytes(),
                    folder.usableBytes() < 0 ? null : folder.usableBytes(),
                    folder.logBytes(),
                    folder.replicas(),
                    folder.problem().isEmpty() ? null : folder.problem());
        }
    }

    /** A replica in a folder. */
    record Replica(
            String topic,
            int partition,
            @JsonProperty("log_dir") String folder,
            long bytes,
            @JsonProperty("offset_lag") long lag,
            @JsonProperty("moving_to") String movingTo,
            @JsonProperty("bytes_moved") Long moved) {
        static Replica of(BrokerReplica replica) {
            return new Replica(
                    replica.partition().topic(),
                    replica.partition().partition(),
                    replica.folder(),
                    replica.bytes(),
                    replica.lag(),
                    replica.isMoving() ? replica.movingTo() : null,
                    replica.isMoving() ? replica.moved() : null);
        }
    }

    record Disks(
            @JsonProperty("broker_id") int broker,
            @JsonProperty("log_dirs") List<Folder> folders,
            List<Replica> replicas) {}

    record FolderMove(@JsonProperty("log_dir") String folder, List<Bodies.Named> partitions) {}

    @GetMapping
    Disks disks(Visit visit, @PathVariable String clusterId, @PathVariable int broker) {
        FolderMoves.Disks disks = FolderMoves.of(visit, broker);
        return new Disks(
                broker,
                disks.folders().stream().map(Folder::of).toList(),
                disks.replicas().stream().map(Replica::of).toList());
    }

    /** 202: the copy goes on after the answer. */
    @Needs(Action.MOVE_LOG_FOLDERS)
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Void> move(
            Visit visit, @PathVariable String clusterId, @PathVariable int broker, @RequestBody FolderMove body) {
        String folder = Bodies.need(body.folder(), "log_dir");
        List<TopicPartition> partitions = Bodies.existing(visit, body.partitions(), "partitions");
        if (partitions.isEmpty()) {
            throw Bodies.bad("Expected one or more partitions, but the request has none.");
        }
        FolderMoves.Disks disks = FolderMoves.of(visit, broker);
        if (disks.folders().stream().noneMatch(each -> each.path().equals(folder))) {
            throw new ApiFailure(
                    ApiError.IMPOSSIBLE,
                    "Expected log_dir to be a folder of broker " + broker + ", but got '" + folder + "'.");
        }
        Set<TopicPartition> held =
                disks.replicas().stream().map(BrokerReplica::partition).collect(Collectors.toSet());
        for (TopicPartition at : partitions) {
            if (!held.contains(at)) {
                throw new ApiFailure(
                        ApiError.IMPOSSIBLE,
                        "Expected partitions that broker " + broker + " holds, but it holds no " + at + ".");
            }
        }
        FolderMoves.move(visit, broker, partitions, folder);
        return ResponseEntity.accepted().build();
    }
}
