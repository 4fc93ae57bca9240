package io.ottla.console.clusters;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * What a broker tells of its log folders.
 *
 * @param askedAt when it was asked
 * @param folders by path; empty where it did not tell
 * @param failure why it did not
 */
public record BrokerDisks(
        int broker, Instant askedAt, Map<String, LogDirDescription> folders, Optional<ClusterFailure> failure) {
    public boolean told() {
        return failure.isEmpty();
    }

    /** Of its replica of a partition, not of one that moves in from another folder; negative where it has none. */
    public long bytesOf(TopicPartition partition) {
        for (LogDirDescription folder : folders.values()) {
            ReplicaInfo replica = folder.replicaInfos().get(partition);
            if (replica != null && !replica.isFuture()) {
                return replica.size();
            }
        }
        return -1;
    }
}
