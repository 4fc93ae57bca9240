package io.ottla.controller;

import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import io.ottla.types.Failure;
import io.ottla.types.TopicId;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.pcollections.TreePVector;

/** Partitions as they are before anything has happened to them. */
final class Births {
    /** Who begins has missed nothing, by whatever rule. */
    private static final LeaderElection.Rule FIRST = new LeaderElection.Rule(false, 1, false);

    private Births() {}

    static TopicImage topic(
            String name, TopicId id, List<List<BrokerId>> replicas, Draft draft, ControllerEpoch epoch) {
        List<PartitionImage> partitions = new ArrayList<>(replicas.size());
        replicas.forEach(list -> partitions.add(partition(list, draft, epoch)));
        return new TopicImage(name, id, TreePVector.from(partitions), false);
    }

    static PartitionImage partition(List<BrokerId> replicas, Draft draft, ControllerEpoch epoch) {
        PartitionImage unborn = PartitionImage.unborn(replicas, List.of(), List.of());
        LeaderElection.Brokers brokers = Elections.brokers(draft, Elections.Returned.NOBODY);
        return LeaderElection.decide(unborn, brokers, FIRST, epoch)
                        instanceof LeaderElection.Outcome.Elected(PartitionImage state, LeaderElection.Grounds grounds)
                ? state
                : unborn;
    }

    /** Null where there are brokers for so many replicas. */
    static Failure replicationFault(int replicas, Registrations registrations) {
        int live = registrations.placeable().size();
        int brokers = live + registrations.spare().size();
        if (replicas > brokers) {
            return Failure.of(
                    Errors.INVALID_REPLICATION_FACTOR,
                    "The replication factor is " + replicas + ", but only " + brokers + " broker(s) are registered");
        }
        return live == 0
                ? Failure.of(
                        Errors.INVALID_REPLICATION_FACTOR,
                        "None of the " + brokers + " registered broker(s) has been heard of lately")
                : null;
    }
}
