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
                    && !partition.offline().contains(lost.broker())) {
                draft.decide(new MetadataChange.PartitionSet(
                        name.topic(), name.partition(), partition.losing(lost.broker())));
                topics.add(name.topic());
            }
        }
        held(elections.among(draft, topics, Elections.Returned.NOBODY));
        return Optional.empty();
    }

    @Override
    public Optional<Failure> refused(Failure failure) {
        return Optional.of(failure);
    }
}
