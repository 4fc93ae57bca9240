package io.ottla.controller;

import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.metrics.Counter;
import io.ottla.metrics.Distribution;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;

/** What the controller shows of itself; all numbers about the cluster are 0 on brokers that are not the controller. */
final class ControllerMeter {
    /** Numbers of one image, counted when somebody looks. */
    private record Census(ClusterImage of, int topics, int partitions, int offline, int unbalanced) {}

    private final Counter unclean;
    private final Distribution queueTime;
    private volatile ClusterImage image;
    private volatile Census census = new Census(null, 0, 0, 0, 0);

    ControllerMeter(Metrics metrics) {
        unclean = metrics.counter(
                "kafka_controller_controllerstats_uncleanleaderelections_total",
                "Leaders elected that may lack acknowledged records",
                Labels.NONE);
        queueTime = metrics.distribution(
                "kafka_controller_controllereventmanager_eventqueuetimems",
                "Milliseconds that requests waited for the controller",
                Labels.NONE,
                1e-6);
        metrics.gauge(
                "kafka_controller_kafkacontroller_activecontrollercount",
                "1 where this broker is the controller",
                Labels.NONE,
                () -> image == null ? 0 : 1);
        metrics.gauge(
                "kafka_controller_kafkacontroller_offlinepartitionscount",
                "Partitions without a leader",
                Labels.NONE,
                () -> census().offline);
        metrics.gauge(
                "kafka_controller_kafkacontroller_preferredreplicaimbalancecount",
                "Partitions that are not led by their preferred replica",
                Labels.NONE,
                () -> census().unbalanced);
        metrics.gauge(
                "kafka_controller_kafkacontroller_globaltopiccount",
                "Topics in the cluster",
                Labels.NONE,
                () -> census().topics);
        metrics.gauge(
                "kafka_controller_kafkacontroller_globalpartitioncount",
                "Partitions in the cluster",
                Labels.NONE,
                () -> census().partitions);
    }

    /** @param next null where this broker is not the controller */
    void shows(ClusterImage next) {
        image = next;
    }

    void elected(Elections.Tally tally) {
        unclean.add(tally.risky().size());
    }

    void waited(long nanos) {
        queueTime.record(nanos);
    }

    @SuppressWarnings("ReferenceEquality") // images are counted once each
    private Census census() {
        ClusterImage now = image;
        Census known = census;
        if (known.of == now) {
            return known;
        }
        Census counted = now == null ? new Census(null, 0, 0, 0, 0) : count(now);
        census = counted;
        return counted;
    }

    private static Census count(ClusterImage image) {
        int partitions = 0;
        int offline = 0;
        int unbalanced = 0;
        for (TopicImage topic : image.topics().values()) {
            partitions += topic.partitions().size();
            for (PartitionImage partition : topic.partitions()) {
                if (!topic.deleting() && !image.brokers().containsKey(partition.leader())) {
                    offline++;
                }
                if (!topic.deleting()
                        && !partition.leader().equals(partition.replicas().getFirst())) {
                    unbalanced++;
                }
            }
        }
        return new Census(image, image.topics().size(), partitions, offline, unbalanced);
    }
}
