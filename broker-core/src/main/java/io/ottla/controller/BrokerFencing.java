package io.ottla.controller;

/**
 * Takes a broker that nobody has heard of out of the live ones, with all that it leads; or takes one back that was heard.
 *
 * @param fenced whether it is taken out
 */
record BrokerFencing(boolean fenced, Elections elections) implements RegistrationChange.Consequence {
    @Override
    public Elections.Tally of(Registration known, Draft draft) {
        if (known.fenced() == fenced) {
            return Elections.Tally.NONE;
        }
        draft.observe(draft.registrations().with(known.fenced(fenced)));
        return elections.everywhere(draft, Elections.Returned.NOBODY);
    }
}
