package io.ottla.controller;

import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import io.ottla.types.Failure;
import io.ottla.types.TopicId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;
import org.pcollections.TreePVector;

/** Partitions as they are before anything has happened to them. */
final class Births {
    private Births() {}

    static TopicImage topic(
            String name, TopicId id, List<List<BrokerId>> replicas, ClusterImage cluster, ControllerEpoch epoch) {
        List<PartitionImage> partitions = new ArrayList<>(replicas.size());
        replicas.forEach(list -> partitions.add(partition(list, cluster, epoch)));
        return new TopicImage(name, id, TreePVector.from(partitions), false);
    }

    static PartitionImage partition(List<BrokerId> replicas, ClusterImage cluster, ControllerEpoch epoch) {
        PartitionImage unborn = PartitionImage.unborn(replicas, List.of(), List.of());
        return switch (LeaderElection.decide(unborn, cluster.brokers().keySet(), Set.of(), false, epoch)) {
            case LeaderElection.Outcome.Elected(var state, var grounds) -> state;
            case LeaderElection.Outcome.Shrunk(var state) -> state;
            case LeaderElection.Outcome.Leaderless(var state) -> state;
            case LeaderElection.Outcome.Unchanged() -> unborn;
        };
    }

    /** Null where there are brokers for so many replicas. */
    static Failure replicationFault(int replicas, Collection<BrokerImage> brokers) {
        return replicas > brokers.size()
                ? Failure.of(
                        Errors.INVALID_REPLICATION_FACTOR,
                        "The replication factor is " + replicas + ", but only " + brokers.size()
                                + " broker(s) are registered")
                : null;
    }
}
