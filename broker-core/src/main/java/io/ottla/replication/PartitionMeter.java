package io.ottla.replication;

import io.ottla.metrics.Metrics;
import java.util.function.ToDoubleFunction;

/**
 * The gauges of all partitions here: Kafka's {@code kafka.cluster:type=Partition}, and the lag of its {@code FetcherLagMetrics}.
 * They walk the partitions when they are read: with an entry for each gauge of each, ten thousand would take tens of megabytes.
 */
final class PartitionMeter {
    private static final String PREFIX = "kafka_cluster_partition_";

    private final Metrics metrics;
    private final HostedTopics topics;

    private PartitionMeter(Metrics metrics, HostedTopics topics) {
        this.metrics = metrics;
        this.topics = topics;
    }

    /** Adds these gauges to the others. */
    static void show(Metrics metrics, HostedTopics topics) {
        new PartitionMeter(metrics, topics).show();
    }

    private void show() {
        gauge(PREFIX + "replicascount", "Replicas, where this broker leads", Partition::replicaCount);
        gauge(PREFIX + "insyncreplicascount", "In-sync replicas, where this broker leads", Partition::inSyncCount);
        gauge(
                PREFIX + "underminisr",
                "1 where fewer replicas are in sync than min.insync.replicas",
                partition -> partition.isUnderMinInSync() ? 1 : 0);
        gauge(
                PREFIX + "atminisr",
                "1 where just as many replicas are in sync as min.insync.replicas",
                partition -> partition.isAtMinInSync() ? 1 : 0);
        gauge(
                PREFIX + "underreplicated",
                "1 where not all replicas are in sync",
                partition -> partition.isUnderReplicated() ? 1 : 0);
        gauge(
                PREFIX + "laststableoffsetlag",
                "Offsets between the last stable offset and the high watermark",
                Partition::lastStableOffsetLag);
        gauge(
                "kafka_server_fetcherlagmetrics_consumerlag",
                "Committed records that the follower here lacks",
                Partition::followerLag);
    }

    private void gauge(String name, String help, ToDoubleFunction<Partition> value) {
        metrics.<Partition>levels(
                name, help, to -> topics.each(partition -> to.accept(partition.labels(), partition)), value);
    }
}
