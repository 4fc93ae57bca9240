package io.ottla.peer;

import io.ottla.types.Failure;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What brokers have the cluster's controller decide of their own accord. Thread-safe; nothing blocks the caller. */
@FunctionalInterface
public interface ControllerProposals {
    /**
     * Replicas are lost until their broker registers anew, or their leader has them in sync again: they lead no more, and
     * don't count as in sync.
     *
     * @return done when the cluster knows it; why not where it was refused. Asking again does no harm
     */
    CompletionStage<Optional<Failure>> replicasLost(LostReplicas lost);
}
