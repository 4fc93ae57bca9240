package io.ottla.controller;

import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Decides which broker is the controller. Winning is one transaction that takes the place and raises the controller's
 * epoch, so that a deposed controller's later writes fail on their check of that epoch (DESIGN §5). Thread-safe; events
 * come one after the other, in order, on one thread that must not be blocked.
 */
public interface ControllerElection {
    /** What a candidate has to know. */
    sealed interface Event {
        /**
         * This broker is the controller from now on.
         *
         * @param epoch larger than that of every controller before
         * @param epochVersion the version of {@code /controller_epoch} that each write has to check
         */
        record Elected(ControllerEpoch epoch, int epochVersion) implements Event {}

        /**
         * This broker was the controller and is no longer: it writes nothing and publishes nothing any more.
         *
         * @param why half a sentence for people
         */
        record Resigned(String why) implements Event {}

        /**
         * Another broker is the controller, or nobody is known to be.
         *
         * @param controller {@link BrokerId#NONE} while nobody is known
         */
        record Elsewhere(BrokerId controller) implements Event {}

        /** The store can't be reached: act no more until {@link Resumed} or {@link Resigned}. */
        record Suspended() implements Event {}

        /** The store is back and this broker still is the controller, in the same epoch. */
        record Resumed() implements Event {}

        /**
         * This broker can't take part, and waiting does not help: the cluster is on its way to KRaft, or a node holds
         * what nobody can read.
         *
         * @param why a sentence for people
         */
        record Refused(String why) implements Event {}
    }

    /**
     * Stands for election and goes on doing so until {@link #resign}. Called once.
     *
     * @param listener told of everything from now on
     */
    void start(Consumer<Event> listener);

    /**
     * Takes the place away from a controller whose process is known to be dead, for all to stand for it at once. Does
     * nothing where another broker, or nobody, is known to be the controller, and leaves whoever was elected since alone.
     * Also does nothing too soon after the time before: who goes on to suspect may ask again. A wrong suspicion costs an
     * election and nothing else.
     */
    void removeDead(BrokerId suspect);

    /**
     * Finds out anew who is the controller, since a write was refused for its epoch. Where this broker has the place still,
     * and it is the epoch that somebody else wrote, it gives the place up and stands for it again.
     */
    void lookAgain();

    /** Gives the place up if this broker has it, and stands no more. The stage is done when that is so. */
    CompletionStage<Void> resign();
}
