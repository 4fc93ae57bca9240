package io.ottla.controller;

import io.ottla.metadata.PartitionImage;
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
        Failure unusable = draft.fault(name);
        if (unusable != null) {
            LOG.warn("Partition {} can't be moved. {}", name, unusable.text());
            return Elections.Tally.NONE;
        }
        PartitionImage now = draft.image().partition(name);
        if (target.equals(Reassignment.target(now))) {
            return Elections.Tally.NONE;
        }
        Failure fault = elections.moveFault(draft, name, target, brokers);
        if (fault != null) {
            LOG.warn("Partition {} can't be moved. {}", name, fault.text());
            return Elections.Tally.NONE;
        }
        LOG.info("Partition {} moves from {} to {}", name, now.replicas(), target);
        return elections.move(draft, name, target, brokers);
    }

    /** Has preferred replicas lead that can, and takes the node away. */
    Elections.Tally take(StoredElections asked) {
        int elected = 0;
        LeaderElection.Brokers brokers = Elections.brokers(draft, Elections.Returned.NOBODY);
        for (TopicPartition name : asked.partitions()) {
            if (draft.fault(name) == null && elections.electPreferred(draft, name, brokers)) {
                elected++;
            } else {
                LOG.info("The preferred replica of {} does not lead, since it can't or does already", name);
            }
        }
        if (asked.isThere()) {
            draft.aside(new StoreWrite.ElectionsDelete(asked.version()));
        }
        return new Elections.Tally(elected);
    }
}
