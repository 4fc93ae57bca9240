package io.ottla.controller;

import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import java.util.Optional;
import java.util.Set;

/**
 * Takes in how a broker's logs came through the time before it registered. Where they were not closed in order, what it
 * has acknowledged may be missing: it is neither in sync nor eligible any more, as far as that is known of others.
 * Source: KIP-966.
 */
final class BrokerReturn implements ControllerMachine<Optional<Failure>> {
    private final BrokerId broker;
    private final BrokerEpoch epoch;
    private final boolean clean;
    private final Elections elections;
    private Elections.Tally tally = Elections.Tally.NONE;

    BrokerReturn(BrokerId broker, BrokerEpoch epoch, boolean clean, Elections elections) {
        this.broker = broker;
        this.epoch = epoch;
        this.clean = clean;
        this.elections = elections;
    }

    @Override
    public Optional<Failure> decide(Draft draft) {
        tally = Elections.Tally.NONE;
        Registration known = draft.registrations().of(broker, epoch);
        if (known == null) {
            return Optional.of(draft.registrations().stale(broker, epoch));
        }
        if (!known.proven()) {
            Set<BrokerId> it = Set.of(broker);
            Set<BrokerId> torn = clean ? Set.of() : it;
            // Where this controller has not seen it register, nobody has taken from it yet what it led before.
            Set<BrokerId> restarted = clean || known.witnessed() ? Set.of() : it;
            draft.observe(draft.registrations().with(known.vouchedFor()));
            if (!clean || known.witnessed()) {
                tally = elections.everywhere(draft, new Elections.Returned(restarted, torn));
            }
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
