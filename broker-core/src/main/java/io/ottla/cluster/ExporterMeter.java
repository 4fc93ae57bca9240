package io.ottla.cluster;

import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.BrokerImage.Endpoint;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import io.ottla.replication.HostedTopic;
import io.ottla.replication.Partition;
import io.ottla.replication.Replicas;
import io.ottla.replication.Role;
import io.ottla.types.BrokerId;
import java.util.function.Function;
import java.util.function.ObjDoubleConsumer;
import java.util.function.ToDoubleFunction;

/**
 * Cluster and partitions under the names that the widespread exporter beside Kafka ({@code kafka_exporter}) gives them, so
 * that its dashboards need no exporter. That one speaks for a whole cluster, where each broker is scraped here: so every
 * series is shown by one broker alone, and sums stay right. A partition is shown by its leader; what has none, and the
 * cluster as such, by the controller. Thread-safe; series are listed when somebody reads.
 */
public final class ExporterMeter {
    private static final String PARTITION = "kafka_topic_partition_";

    private final Labels named;
    private final Replicas replicas;

    private ExporterMeter(String cluster, Replicas replicas) {
        this.named = Labels.of("cluster_name", cluster);
        this.replicas = replicas;
    }

    /**
     * Adds these series to the others.
     *
     * @param cluster its id, which the series of Lightbend's lag exporter bear as its name
     */
    public static void show(String cluster, Replicas replicas, Metrics metrics) {
        new ExporterMeter(cluster, replicas).show(metrics);
    }

    private void show(Metrics metrics) {
        metrics.levels("kafka_brokers", "Live brokers", this::brokerCount);
        metrics.levels("kafka_broker_info", "1 for each live broker", this::brokers);
        metrics.levels("kafka_topic_partitions", "Partitions of the topic", this::topics);
        state(
                metrics,
                "leader",
                "Id of the leader, -1 where there is none",
                partition -> partition.leader().value());
        state(
                metrics,
                "leader_is_preferred",
                "1 where the first replica leads",
                partition -> partition.leader().equals(partition.replicas().getFirst()) ? 1 : 0);
        state(metrics, "replicas", "Replicas", partition -> partition.replicas().size());
        state(
                metrics,
                "in_sync_replica",
                "In-sync replicas",
                partition -> partition.inSync().size());
        state(
                metrics,
                "under_replicated_partition",
                "1 where not all replicas are in sync",
                partition -> partition.inSync().size() < partition.replicas().size() ? 1 : 0);
        offset(
                metrics,
                PARTITION + "current_offset",
                "First offset not yet committed",
                Partition::labels,
                Partition::highWatermark);
        offset(
                metrics,
                PARTITION + "oldest_offset",
                "First offset of the log",
                Partition::labels,
                partition -> partition.log().logStartOffset());
        offset(
                metrics,
                "kafka_partition_latest_offset",
                "First offset not yet committed",
                partition -> named.and(partition.labels()),
                Partition::highWatermark);
    }

    private void state(Metrics metrics, String name, String help, ToDoubleFunction<PartitionImage> value) {
        metrics.levels(
                PARTITION + name,
                help,
                to -> partitions((labels, state) -> to.accept(labels, value.applyAsDouble(state))));
    }

    private void offset(
            Metrics metrics,
            String name,
            String help,
            Function<Partition, Labels> labels,
            ToDoubleFunction<Partition> value) {
        metrics.<Partition>levels(
                name,
                help,
                to -> replicas.each(partition -> {
                    if (partition.role() instanceof Role.Leading) {
                        to.accept(labels.apply(partition), partition);
                    }
                }),
                value);
    }

    private void brokerCount(ObjDoubleConsumer<Labels> to) {
        ClusterImage image = replicas.image();
        if (speaksForCluster(image)) {
            to.accept(Labels.NONE, image.brokers().size());
        }
    }

    private void brokers(ObjDoubleConsumer<Labels> to) {
        ClusterImage image = replicas.image();
        if (!speaksForCluster(image)) {
            return;
        }
        for (BrokerImage broker : image.brokers().values()) {
            Endpoint first = broker.endpoints().getFirst();
            to.accept(
                    Labels.of(
                            "address",
                            first.host() + ":" + first.port(),
                            "id",
                            Integer.toString(broker.id().value())),
                    1);
        }
    }

    private void topics(ObjDoubleConsumer<Labels> to) {
        ClusterImage image = replicas.image();
        if (speaksForCluster(image)) {
            for (TopicImage topic : image.topics().values()) {
                to.accept(Labels.of("topic", topic.name()), topic.partitions().size());
            }
        }
    }

    private boolean speaksForCluster(ClusterImage image) {
        return image.controller().equals(replicas.self());
    }

    private interface StateReader {
        void read(Labels labels, PartitionImage state);
    }

    /** Those that this broker speaks for. */
    private void partitions(StateReader reader) {
        ClusterImage image = replicas.image();
        BrokerId self = replicas.self();
        boolean controller = speaksForCluster(image);
        for (TopicImage topic : image.topics().values()) {
            HostedTopic hosted = replicas.topic(topic.name());
            int number = 0;
            for (PartitionImage state : topic.partitions()) {
                if (state.leader().equals(self) || controller && state.leader().equals(BrokerId.NONE)) {
                    reader.read(labels(hosted, topic.name(), number), state);
                }
                number++;
            }
        }
    }

    /** Those of the replica here, where there is one: they are written already. */
    private static Labels labels(HostedTopic hosted, String topic, int number) {
        Partition here = hosted == null ? null : hosted.partition(number);
        if (here != null) {
            return here.labels();
        }
        return Labels.of("partition", Integer.toString(number), "topic", topic);
    }
}
