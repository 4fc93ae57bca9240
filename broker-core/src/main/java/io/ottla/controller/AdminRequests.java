package io.ottla.controller;

import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import io.ottla.types.TopicPartition;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what people and old tools ask for by nodes: moves of partitions, and that preferred replicas lead. What can't be
 * done is left out, with a line in the log. Pure but for the draft.
 */
final class AdminRequests {
    private static final Logger LOG = LoggerFactory.getLogger(AdminRequests.class);

    private final Draft draft;
    private final Elections elections;

    AdminRequests(Draft draft, Elections elections) {
        this.draft = draft;
        this.elections = elections;
    }

    /** Begins what has not begun; the draft sees to it that the node names what is not done yet. */
    Elections.Tally take(StoredReassignments asked) {
        draft.observe(asked);
        Elections.Tally tally = Elections.Tally.NONE;
        LeaderElection.Brokers brokers = Elections.brokers(draft, Elections.Returned.NOBODY);
        for (Map.Entry<TopicPartition, List<BrokerId>> move : asked.targets().entrySet()) {
            tally = tally.plus(move(move.getKey(), move.getValue(), brokers));
        }
        return tally;
    }

    private Elections.Tally move(TopicPartition name, List<BrokerId> target, LeaderElection.Brokers brokers) {
        PartitionImage now = partition(name);
        if (now == null) {
            LOG.warn("Partition {} can't be moved, since there is no such partition", name);
            return Elections.Tally.NONE;
        }
        if (target.equals(Reassignment.target(now))) {
            return Elections.Tally.NONE;
        }
        Failure fault = Reassignment.fault(target, draft.registrations());
        if (fault != null) {
            LOG.warn("Partition {} can't be moved. {}", name, fault.text());
            return Elections.Tally.NONE;
        }
        LOG.info("Partition {} moves from {} to {}", name, now.replicas(), target);
        draft.decide(new MetadataChange.PartitionSet(name.topic(), name.partition(), Reassignment.begin(now, target)));
        return elections.elect(
                draft, name, draft.image().partition(name), brokers, elections.rule(draft, name.topic()));
    }

    /** Has preferred replicas lead that can, and takes the node away. */
    Elections.Tally take(StoredElections asked) {
        int elected = 0;
        LeaderElection.Brokers brokers = Elections.brokers(draft, Elections.Returned.NOBODY);
        for (TopicPartition name : asked.partitions()) {
            PartitionImage now = partition(name);
            PartitionImage next = now == null ? null : LeaderElection.preferred(now, brokers, elections.epoch());
            if (next == null) {
                LOG.info("The preferred replica of {} does not lead, since it can't or does already", name);
            } else {
                draft.decide(new MetadataChange.PartitionSet(name.topic(), name.partition(), next));
                elected++;
            }
        }
        if (asked.isThere()) {
            draft.aside(new StoreWrite.ElectionsDelete(asked.version()));
        }
        return new Elections.Tally(elected);
    }

    /** Null where there is none that anything can be done with. */
    private PartitionImage partition(TopicPartition name) {
        TopicImage topic = draft.image().topic(name.topic());
        boolean fixed = topic == null || topic.deleting() || draft.isFrozen(topic.name());
        PartitionImage partition = fixed ? null : topic.partition(name.partition());
        return partition == null || partition.isUnborn() ? null : partition;
    }
}
