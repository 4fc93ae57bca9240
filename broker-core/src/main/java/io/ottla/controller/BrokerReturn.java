package io.ottla.controller;

import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;

/**
 * Takes in how a broker's logs came through the time before it registered. Where they were not closed in order, what it
 * has acknowledged may be missing: it is neither in sync nor eligible any more, as far as that is known of others.
 * While the roll is called (see {@link Registrations}) nothing follows from it yet: it is to be asked again. Source:
 * KIP-966.
 *
 * @param clean whether they were closed in order
 */
record BrokerReturn(boolean clean, Elections elections) implements RegistrationChange.Consequence {
    private static final Failure NOT_YET = Failure.of(
            Errors.REQUEST_TIMED_OUT, "The controller has yet to hear how the logs of other brokers came through");

    @Override
    public Elections.Tally of(Registration known, Draft draft) {
        if (known.isHeard()) {
            return Elections.Tally.NONE;
        }
        Set<BrokerId> it = Set.of(known.broker().id());
        Set<BrokerId> torn = clean ? Set.of() : it;
        // Where this controller has not seen it register, nobody has taken from it yet what it led before.
        Set<BrokerId> restarted = clean || known.origin() == Registration.Origin.NEW ? Set.of() : it;
        draft.observe(
                draft.registrations().with(known.heard(clean ? Registration.Logs.WHOLE : Registration.Logs.TORN)));
        return elections.everywhere(draft, new Elections.Returned(restarted, torn));
    }

    @Override
    public Failure unfinished(Draft draft) {
        return draft.registrations().calling() ? NOT_YET : null;
    }
}
