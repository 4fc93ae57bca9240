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
final class BrokerDeparture implements ControllerMachine<Departure> {
    private final BrokerId broker;
    private final BrokerEpoch epoch;
    private final Elections elections;
    private Elections.Tally tally = Elections.Tally.NONE;

    BrokerDeparture(BrokerId broker, BrokerEpoch epoch, Elections elections) {
        this.broker = broker;
        this.epoch = epoch;
        this.elections = elections;
    }

    @Override
    public Departure decide(Draft draft) {
        tally = Elections.Tally.NONE;
        Registration known = draft.registrations().of(broker, epoch);
        if (known == null) {
            return refused(draft.registrations().stale(broker, epoch));
        }
        if (!known.leaving()) {
            draft.observe(draft.registrations().with(known.departing()));
            tally = elections.everywhere(draft, Elections.Returned.NOBODY);
        }
        return left(draft);
    }

    private Departure left(Draft draft) {
        LeaderElection.Brokers brokers = Elections.brokers(draft, Elections.Returned.NOBODY);
        int leading = 0;
        int hopeful = 0;
        for (TopicImage topic : draft.image().topics().values()) {
            for (PartitionImage partition : topic.partitions()) {
                if (!topic.deleting() && partition.leader().equals(broker)) {
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
    public Elections.Tally tally() {
        return tally;
    }

    @Override
    public Departure refused(Failure failure) {
        return new Departure(failure, 0, 0);
    }
}
