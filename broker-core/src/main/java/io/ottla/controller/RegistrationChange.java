package io.ottla.controller;

import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import java.util.Optional;

/** Takes in what has become known of a registered broker. */
final class RegistrationChange extends BrokerDecision<Optional<Failure>> {
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

    private final Consequence consequence;

    RegistrationChange(BrokerId broker, BrokerEpoch epoch, Consequence consequence) {
        super(broker, epoch);
        this.consequence = consequence;
    }

    @Override
    Optional<Failure> decide(Registration known, Draft draft) {
        held(consequence.of(known, draft));
        return Optional.ofNullable(consequence.unfinished(draft));
    }

    @Override
    public boolean waitsUntilInForce() {
        return false;
    }

    @Override
    public Optional<Failure> refused(Failure failure) {
        return Optional.of(failure);
    }
}
