package io.ottla.controller;

import io.ottla.metadata.ClusterImage;
import io.ottla.types.Failure;

/**
 * Decides one thing that was asked of the controller. Pure but for the draft it is given: what it wants it changes
 * there. It may be asked again with another draft, after a write whose fate was unclear or that met somebody else's;
 * then it takes what it wanted before and finds in the draft for its own doing.
 *
 * @param <R> the answer
 */
interface ControllerMachine<R> {
    R decide(Draft draft);

    /**
     * The answer, once what was decided is written together with all else of its turn.
     *
     * @param decided what was decided last
     */
    default R settled(R decided, ClusterImage written) {
        return decided;
    }

    /** Whether the answer waits until brokers act by what was decided. */
    default boolean waitsUntilInForce() {
        return true;
    }

    /** The elections in what was decided last. */
    default Elections.Tally tally() {
        return Elections.Tally.NONE;
    }

    /** The answer where nothing could be decided. */
    R refused(Failure failure);
}
