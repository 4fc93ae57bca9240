package io.ottla.controller;

import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.peer.LostReplicas;
import io.ottla.types.Failure;
import io.ottla.types.TopicPartition;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Takes in that a broker has lost replicas with a log folder, or to damage, and has others lead what it led. Replicas that it does not
 * hold, or no longer, are passed over. Source: KIP-112.
 */
final class ReplicaLoss extends BrokerDecision<Optional<Failure>> {
    private final LostReplicas lost;
    private final Elections elections;

    ReplicaLoss(LostReplicas lost, Elections elections) {
        super(lost.broker(), lost.epoch());
        this.lost = lost;
        this.elections = elections;
    }

    @Override
    Optional<Failure> decide(Registration known, Draft draft) {
        Set<String> topics = new LinkedHashSet<>();
        for (LostReplicas.Replica replica : lost.replicas()) {
            TopicPartition name = replica.partition();
            TopicImage topic = draft.image().topic(name.topic());
            PartitionImage partition = topic == null ? null : topic.partition(name.partition());
            if (partition != null
                    && topic.id().equals(replica.topicId())
                    && partition.replicas().contains(lost.broker())
                    && !isKnown(replica, partition)
                    && !isAllThereIs(replica, partition)) {
                PartitionImage next =
                        replica.loss() == LostReplicas.Loss.NONE ? unmarked(partition) : without(partition);
                draft.decide(new MetadataChange.PartitionSet(name.topic(), name.partition(), next));
                topics.add(name.topic());
            }
        }
        held(elections.among(draft, topics, Elections.Returned.NOBODY));
        return Optional.empty();
    }

    /**
     * The state with the replica offline. Another one that leads does so in a new epoch: what it has seen of the lost one in
     * earlier ones counts no more, so that it can't be in sync again by that.
     */
    private PartitionImage without(PartitionImage now) {
        PartitionImage marked = now.losing(lost.broker());
        return now.leader().isNone() || now.leader().equals(lost.broker())
                ? marked
                : marked.led(
                        now.leader(),
                        now.leaderEpoch().next(),
                        now.inSync(),
                        now.eligible(),
                        now.lastKnownLeader(),
                        now.recovering(),
                        elections.epoch());
    }

    /**
     * Whether nobody else may have what a damaged replica has: then it is better than none. So also where two tell of damage at
     * the same time: the second one stays, and looks again when the first is back.
     */
    private boolean isAllThereIs(LostReplicas.Replica replica, PartitionImage now) {
        return replica.loss() == LostReplicas.Loss.DAMAGED
                && Stream.concat(now.inSync().stream(), now.eligible().stream()).allMatch(lost.broker()::equals);
    }

    private PartitionImage unmarked(PartitionImage now) {
        return now.withOffline(now.offline().stream()
                .filter(broker -> !broker.equals(lost.broker()))
                .toList());
    }

    /** Whether it was told before: it is offline, and its leader in a later epoch. */
    private boolean isKnown(LostReplicas.Replica replica, PartitionImage now) {
        if (replica.loss() == LostReplicas.Loss.NONE) {
            return !now.offline().contains(lost.broker());
        }
        return now.offline().contains(lost.broker()) && replica.epoch().compareTo(now.leaderEpoch()) < 0;
    }

    @Override
    public Optional<Failure> refused(Failure failure) {
        return Optional.of(failure);
    }
}
