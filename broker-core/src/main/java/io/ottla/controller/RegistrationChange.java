package io.ottla.controller;

import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import java.util.Optional;

/** Takes in what has become known of a registered broker. Refused where it is not registered with that epoch. */
final class RegistrationChange implements ControllerMachine<Optional<Failure>> {
    /** What follows from it. */
    @FunctionalInterface
    interface Consequence {
        /** @param known the registration as it was */
        Elections.Tally of(Registration known, Draft draft);

        /** Null where that is all; else why it is to be asked again. */
        default Failure unfinished(Draft draft) {
            return null;
        }
    }

    private final BrokerId broker;
    private final BrokerEpoch epoch;
    private final Consequence consequence;
    private Elections.Tally tally = Elections.Tally.NONE;

    RegistrationChange(BrokerId broker, BrokerEpoch epoch, Consequence consequence) {
        this.broker = broker;
        this.epoch = epoch;
        this.consequence = consequence;
    }

    @Override
    public Optional<Failure> decide(Draft draft) {
        tally = Elections.Tally.NONE;
        Registration known = draft.registrations().of(broker, epoch);
        if (known == null) {
            return Optional.of(draft.registrations().stale(broker, epoch));
        }
        tally = consequence.of(known, draft);
        return Optional.ofNullable(consequence.unfinished(draft));
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
