package io.ottla.controller;

import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;

/**
 * Decides what a broker asks for, or what has become known of it. Refused where it is not registered with that epoch: what is
 * said of a former registration is void.
 *
 * @param <R> the answer
 */
abstract class BrokerDecision<R> implements ControllerMachine<R> {
    private final BrokerId broker;
    private final BrokerEpoch epoch;
    private Elections.Tally tally = Elections.Tally.NONE;

    BrokerDecision(BrokerId broker, BrokerEpoch epoch) {
        this.broker = broker;
        this.epoch = epoch;
    }

    @Override
    public final R decide(Draft draft) {
        tally = Elections.Tally.NONE;
        Registration known = draft.registrations().of(broker, epoch);
        return known == null ? refused(draft.registrations().stale(broker, epoch)) : decide(known, draft);
    }

    /** @param known the registration as it was */
    abstract R decide(Registration known, Draft draft);

    /** Takes down elections that belong to the present decision. */
    final void held(Elections.Tally elections) {
        tally = tally.plus(elections);
    }

    @Override
    public final Elections.Tally tally() {
        return tally;
    }

    final BrokerId broker() {
        return broker;
    }
}
