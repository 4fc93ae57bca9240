package io.ottla.console.reassignment;

/**
 * How far a plan has come that is followed to its end: what all consoles of a cluster know of it.
 *
 * @param id of its own, each time that a plan begins; empty where none is followed any more
 * @param by who began it
 * @param cluster id that the cluster gave itself, since another one may have the same key later
 * @param parts entries that hold what it moves, see {@link PlanSteps}
 * @param step which of its steps runs, from 0
 * @param steps how many it has
 * @param begun whether that step is known to have been asked for; else it is about to be
 * @param clears whether the throttle is taken away when all has arrived
 * @param calledOff whether no further step follows
 * @param problem why it goes on no more; null where it does
 */
record KeptPlan(
        String id,
        String by,
        String cluster,
        int parts,
        int step,
        int steps,
        boolean begun,
        boolean clears,
        boolean calledOff,
        Said problem) {
    /** In the place of one that has ended. */
    static final KeptPlan NONE = new KeptPlan("", "", "", 0, 0, 0, false, false, false, null);

    /** What lies there may be anybody's. */
    boolean isOne() {
        return id != null && !id.isEmpty() && by != null && cluster != null;
    }

    boolean isOf(PlanSteps content) {
        return steps == content.steps().size() && step >= 0 && step < steps;
    }

    /** Whether it has steps to begin. */
    boolean goesOn() {
        return problem == null && !calledOff && step + 1 < steps;
    }

    KeptPlan withBegun() {
        return new KeptPlan(id, by, cluster, parts, step, steps, true, clears, calledOff, problem);
    }

    KeptPlan withStep(int next) {
        return new KeptPlan(id, by, cluster, parts, next, steps, false, clears, calledOff, problem);
    }

    /** What was throttled is still to be cleared when what was called off has gone. */
    KeptPlan withCalledOff() {
        return new KeptPlan(id, by, cluster, parts, step, steps, true, clears, true, null);
    }

    KeptPlan withProblem(Said why) {
        return new KeptPlan(id, by, cluster, parts, step, steps, begun, clears, calledOff, why);
    }
}
