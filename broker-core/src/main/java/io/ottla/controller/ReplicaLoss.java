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
final class ReplicaLoss implements ControllerMachine<Optional<Failure>> {
    private final LostReplicas lost;
    private final Elections elections;
    private Elections.Tally tally = Elections.Tally.NONE;

    ReplicaLoss(LostReplicas lost, Elections elections) {
        this.lost = lost;
        this.elections = elections;
    }

    @Override
    public Optional<Failure> decide(Draft draft) {
        if (draft.registrations().of(lost.broker(), lost.epoch()) == null) {
            return Optional.of(draft.registrations().stale(lost.broker(), lost.epoch()));
        }
        Set<String> topics = new LinkedHashSet<>();
        for (LostReplicas.Replica replica : lost.replicas()) {
            TopicPartition name = replica.partition();
            TopicImage topic = draft.image().topic(name.topic());
            PartitionImage known = topic == null ? null : topic.partition(name.partition());
            if (known != null
                    && topic.id().equals(replica.topicId())
                    && known.replicas().contains(lost.broker())
                    && !known.offline().contains(lost.broker())) {
                draft.decide(
                        new MetadataChange.PartitionSet(name.topic(), name.partition(), known.losing(lost.broker())));
                topics.add(name.topic());
            }
        }
        tally = elections.among(draft, topics, Elections.Returned.NOBODY);
        return Optional.empty();
    }

    @Override
    public Elections.Tally tally() {
        return tally;
    }

    @Override
    public Optional<Failure> refused(Failure failure) {
        return Optional.of(failure);
    }
}
