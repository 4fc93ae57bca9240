package io.ottla.controller;

import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import java.util.Optional;

/** Takes a broker that nobody has heard of out of the live ones, with all that it leads; or takes one back that was heard. */
final class BrokerFencing implements ControllerMachine<Optional<Failure>> {
    private final BrokerId broker;
    private final BrokerEpoch epoch;
    private final boolean fenced;
    private final Elections elections;
    private Elections.Tally tally = Elections.Tally.NONE;

    BrokerFencing(BrokerId broker, BrokerEpoch epoch, boolean fenced, Elections elections) {
        this.broker = broker;
        this.epoch = epoch;
        this.fenced = fenced;
        this.elections = elections;
    }

    @Override
    public Optional<Failure> decide(Draft draft) {
        tally = Elections.Tally.NONE;
        Registration known = draft.registrations().of(broker, epoch);
        if (known == null) {
            return Optional.of(draft.registrations().stale(broker, epoch));
        }
        if (known.fenced() != fenced) {
            draft.observe(draft.registrations().with(known.fenced(fenced)));
            tally = elections.everywhere(draft, Elections.Returned.NOBODY);
        }
        return Optional.empty();
    }

    @Override
    public boolean waitsUntilInForce() {
        return false;
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
