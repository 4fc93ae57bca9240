package io.ottla.console.clusters;

/**
 * A topic in one line.
 *
 * @param id the topic's id, empty where the cluster gives none
 * @param replicationFactor replicas of its first partition
 * @param underReplicated partitions with fewer replicas in sync than assigned
 * @param offline partitions without a leader
 * @param bytes what all its replicas take on disk, -1 when unknown
 */
public record TopicSummary(
        String name,
        String id,
        boolean internal,
        int partitions,
        int replicationFactor,
        int underReplicated,
        int offline,
        long bytes) {

    public TopicSummary withBytes(long newBytes) {
        return new TopicSummary(name, id, internal, partitions, replicationFactor, underReplicated, offline, newBytes);
    }
}
