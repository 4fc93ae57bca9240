package io.ottla.console.clusters;

/**
 * A topic in one line.
 *
 * @param id the topic's id, empty where the cluster gives none
 * @param replicationFactor replicas of its first partition
 * @param underReplicated partitions with fewer replicas in sync than assigned
 * @param offline partitions without a leader
 * @param bytes what all its replicas take on disk, -1 when unknown
 * @param spread how evenly it lies on the brokers, null where nobody has looked
 */
public record TopicSummary(
        String name,
        String id,
        boolean internal,
        int partitions,
        int replicationFactor,
        int underReplicated,
        int offline,
        long bytes,
        Spread.Percents spread) {

    public TopicSummary withBytes(long newBytes) {
        return new TopicSummary(
                name, id, internal, partitions, replicationFactor, underReplicated, offline, newBytes, spread);
    }

    public TopicSummary withSpread(Spread.Percents newSpread) {
        return new TopicSummary(
                name, id, internal, partitions, replicationFactor, underReplicated, offline, bytes, newSpread);
    }
}
