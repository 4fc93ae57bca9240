package io.ottla.controller;

import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import java.util.Set;

/**
 * Has others lead what a broker leads that wants to shut down, as far as there are any in sync. It leaves the in-sync
 * sets too, but for those that it is the last of, and gets nothing new until it registers anew.
 */
final class BrokerDeparture extends BrokerDecision<Departure> {
    private final Elections elections;

    BrokerDeparture(BrokerId broker, BrokerEpoch epoch, Elections elections) {
        super(broker, epoch);
        this.elections = elections;
    }

    @Override
    Departure decide(Registration known, Draft draft) {
        if (!known.leaving()) {
            draft.observe(draft.registrations().with(known.departing()));
            held(elections.everywhere(draft, Elections.Returned.NOBODY));
        }
        return left(draft);
    }

    private Departure left(Draft draft) {
        LeaderElection.Brokers brokers = Elections.brokers(draft, Elections.Returned.NOBODY);
        int leading = 0;
        int hopeful = 0;
        for (TopicImage topic : draft.image().topics().values()) {
            for (PartitionImage partition : topic.partitions()) {
                if (!topic.deleting() && partition.leader().equals(broker())) {
                    leading++;
                    Set<BrokerId> live = brokers.without(partition.offline()).live();
                    if (partition.replicas().stream()
                            .anyMatch(other ->
                                    live.contains(other) && !brokers.leaving().contains(other))) {
                        hopeful++;
                    }
                }
            }
        }
        return new Departure(null, leading, hopeful);
    }

    @Override
    public Departure refused(Failure failure) {
        return new Departure(failure, 0, 0);
    }
}
