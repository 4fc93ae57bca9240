package io.ottla.replication;

import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import io.ottla.types.TopicPartition;

/**
 * A partition's gauges: Kafka's {@code kafka.cluster:type=Partition}, and the lag of its {@code FetcherLagMetrics}. They read the
 * partition when they are read.
 */
final class PartitionMeter {
    private static final String PREFIX = "kafka_cluster_partition_";
    private static final String[] NAMES = {
        "replicascount", "insyncreplicascount", "underminisr", "atminisr", "underreplicated", "laststableoffsetlag"
    };
    private static final String LAG = "kafka_server_fetcherlagmetrics_consumerlag";

    private final Metrics metrics;
    private final Labels labels;

    PartitionMeter(Metrics metrics, Partition partition) {
        this.metrics = metrics;
        TopicPartition name = partition.name();
        this.labels = Labels.of("topic", name.topic(), "partition", Integer.toString(name.partition()));
        metrics.gauge(PREFIX + NAMES[0], "Replicas, where this broker leads", labels, partition::replicaCount);
        metrics.gauge(PREFIX + NAMES[1], "In-sync replicas, where this broker leads", labels, partition::inSyncCount);
        metrics.gauge(
                PREFIX + NAMES[2],
                "1 where fewer replicas are in sync than min.insync.replicas",
                labels,
                () -> partition.isUnderMinInSync() ? 1 : 0);
        metrics.gauge(
                PREFIX + NAMES[3],
                "1 where just as many replicas are in sync as min.insync.replicas",
                labels,
                () -> partition.isAtMinInSync() ? 1 : 0);
        metrics.gauge(
                PREFIX + NAMES[4],
                "1 where not all replicas are in sync",
                labels,
                () -> partition.isUnderReplicated() ? 1 : 0);
        metrics.gauge(
                PREFIX + NAMES[5],
                "Offsets between the last stable offset and the high watermark",
                labels,
                partition::lastStableOffsetLag);
        metrics.gauge(LAG, "Committed records that the follower here lacks", labels, partition::followerLag);
    }

    void remove() {
        for (String name : NAMES) {
            metrics.remove(PREFIX + name, labels);
        }
        metrics.remove(LAG, labels);
    }
}
