package io.ottla.console.reassignment;

import io.ottla.console.access.Action;
import io.ottla.console.access.Change;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.BrokerDisks;
import io.ottla.console.clusters.LogFolder;
import io.ottla.console.words.Wording;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;

/** The replicas of one broker by log folder, and their moves between folders (KIP-113), for pages and the API alike. */
public final class FolderMoves {
    /** @param folders ordered by path */
    public record Disks(List<LogFolder> folders, List<BrokerReplica> replicas) {}

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private FolderMoves() {}

    /** Asks that broker alone. Replicas of topics that the visitor may not see count in the folders, but are not listed. */
    public static Disks of(Visit visit, int broker) {
        visit.requireUp(broker);
        BrokerDisks disks = visit.cluster().disks(List.of(broker), PATIENCE).get(broker);
        if (disks.failure().isPresent()) {
            throw disks.failure().get();
        }
        Map<String, LogDirDescription> told = new TreeMap<>(disks.folders());
        List<LogFolder> folders = new ArrayList<>();
        Map<TopicPartition, BrokerReplica> replicas = new HashMap<>();
        told.forEach((path, folder) -> {
            folders.add(folder(broker, path, folder));
            folder.replicaInfos().forEach((at, replica) -> {
                if (visit.may(Action.VIEW_TOPIC, at.topic())) {
                    replicas.merge(at, read(at, path, replica), FolderMoves::join);
                }
            });
        });
        return new Disks(
                List.copyOf(folders),
                replicas.values().stream().sorted(BrokerReplica.BY_NAME).toList());
    }

    private static BrokerReplica read(TopicPartition at, String path, ReplicaInfo replica) {
        return replica.isFuture()
                ? new BrokerReplica(at, "", 0, 0, path, replica.size())
                : new BrokerReplica(at, path, replica.size(), replica.offsetLag(), "", 0);
    }

    /** Of the replica where it is, and of its copy where it will be. */
    private static BrokerReplica join(BrokerReplica one, BrokerReplica other) {
        return one.folder().isEmpty() ? joined(other, one) : joined(one, other);
    }

    private static BrokerReplica joined(BrokerReplica now, BrokerReplica then) {
        return new BrokerReplica(now.partition(), now.folder(), now.bytes(), now.lag(), then.movingTo(), then.moved());
    }

    private static LogFolder folder(int broker, String path, LogDirDescription folder) {
        return new LogFolder(
                broker,
                path,
                folder.totalBytes().orElse(-1),
                folder.usableBytes().orElse(-1),
                folder.replicaInfos().size(),
                folder.replicaInfos().values().stream()
                        .mapToLong(ReplicaInfo::size)
                        .sum(),
                folder.error() == null ? "" : folder.error().getMessage());
    }

    /** Moves replicas of a broker to one of its folders. */
    public static void move(Visit visit, int broker, Collection<TopicPartition> partitions, String folder) {
        Map<TopicPartitionReplica, String> asked = new HashMap<>();
        TreeSet<String> topics = new TreeSet<>();
        for (TopicPartition at : partitions) {
            asked.put(new TopicPartitionReplica(at.topic(), at.partition(), broker), folder);
            topics.add(at.topic());
        }
        Change change = Change.of(Action.MOVE_LOG_FOLDERS, List.copyOf(topics))
                .with("broker", broker)
                .with("folder", folder)
                .with(
                        "partitions",
                        partitions.stream()
                                .map(TopicPartition::toString)
                                .sorted()
                                .limit(20)
                                .toList());
        visit.change(change, admin -> {
            visit.requireUp(broker);
            for (KafkaFuture<Void> answer :
                    admin.alterReplicaLogDirs(asked).values().values()) {
                visit.cluster().await(answer, Wording.of("doing.move-folder"));
            }
            return null;
        });
    }
}
