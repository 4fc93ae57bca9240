package io.ottla.console.reassignment;

import java.util.List;
import java.util.Set;

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
 * @param clearing whether the throttle is being taken away, so that no other plan may set one
 * @param rate bytes per second that each broker copies at most; 0 for no bound
 * @param bounded brokers that have this rate, as long as it is not taken away
 * @param leftOut partitions that were no longer as they were when the plan was made
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
        boolean clearing,
        long rate,
        List<Integer> bounded,
        int leftOut,
        Said problem) {
    /** In the place of one that has ended. */
    static final KeptPlan NONE = new KeptPlan("", "", "", 0, 0, 0, false, false, false, false, 0, List.of(), 0, null);

    /** One whose first step is about to begin. */
    static KeptPlan first(
            String id,
            String by,
            String cluster,
            int parts,
            int steps,
            boolean clears,
            long rate,
            Set<Integer> bounded) {
        List<Integer> brokers = bounded.stream().sorted().toList();
        return new KeptPlan(id, by, cluster, parts, 0, steps, false, clears, false, false, rate, brokers, 0, null);
    }

    /** What lies there may be anybody's. */
    boolean isOne() {
        return id != null && !id.isEmpty() && by != null && cluster != null && bounded != null;
    }

    boolean isOf(PlanSteps content) {
        return steps == content.steps().size() && step >= 0 && step < steps;
    }

    /** Whether it has steps to begin. */
    boolean goesOn() {
        return problem == null && !calledOff && step + 1 < steps;
    }

    /** @param more partitions that were left out of the step */
    KeptPlan withBegun(int more) {
        return with(step, true, calledOff, clearing, bounded, leftOut + more, problem);
    }

    KeptPlan withStep(int next) {
        return with(next, false, calledOff, clearing, bounded, leftOut, problem);
    }

    /** What was throttled is still to be cleared when what was called off has gone. */
    KeptPlan withCalledOff() {
        return with(step, true, true, clearing, bounded, leftOut, null);
    }

    KeptPlan withClearing() {
        return with(step, begun, calledOff, true, bounded, leftOut, problem);
    }

    /** @param left brokers that were down, and have their rate still */
    KeptPlan withCleared(List<Integer> left) {
        return with(step, begun, calledOff, false, left, leftOut, problem);
    }

    KeptPlan withProblem(Said why) {
        return with(step, begun, calledOff, false, bounded, leftOut, why);
    }

    private KeptPlan with(
            int nowAt,
            boolean hasBegun,
            boolean isCalledOff,
            boolean isClearing,
            List<Integer> still,
            int out,
            Said why) {
        return new KeptPlan(
                id, by, cluster, parts, nowAt, steps, hasBegun, clears, isCalledOff, isClearing, rate, still, out, why);
    }
}
