package io.ottla.controller;

import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;

/**
 * Takes in how a broker's logs came through the time before it registered. Where they were not closed in order, what it
 * has acknowledged may be missing: it is neither in sync nor eligible any more, as far as that is known of others.
 * While the roll is called (see {@link Registrations}) nothing follows from it yet: it is to be asked again. Source:
 * KIP-966.
 */
final class BrokerReturn implements ControllerMachine<Optional<Failure>> {
    private static final Failure NOT_YET = Failure.of(
            Errors.REQUEST_TIMED_OUT, "The controller has yet to hear how the logs of other brokers came through");

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
        if (!known.isHeard()) {
            Set<BrokerId> it = Set.of(broker);
            Set<BrokerId> torn = clean ? Set.of() : it;
            // Where this controller has not seen it register, nobody has taken from it yet what it led before.
            Set<BrokerId> restarted = clean || known.origin() == Registration.Origin.NEW ? Set.of() : it;
            draft.observe(draft.registrations()
                    .with(known.heard(clean ? Registration.Logs.WHOLE : Registration.Logs.TORN)));
            tally = elections.everywhere(draft, new Elections.Returned(restarted, torn));
        }
        return draft.registrations().calling() ? Optional.of(NOT_YET) : Optional.empty();
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
