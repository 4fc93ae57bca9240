package io.ottla.controller;

import io.ottla.metadata.ClusterImage;
import io.ottla.types.Failure;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Something asked of the controller, on its way from the queue to its answer. Belongs to the controller's thread. */
final class PendingDecision<R> {
    private final ControllerMachine<R> machine;
    private final Function<R, Collection<String>> dooms;
    private final CompletableFuture<R> answer;
    private final long askedNs;
    private R decided;
    private int attempts;

    /** @param dooms names of the topics that have to be gone before the answer */
    PendingDecision(
            ControllerMachine<R> machine,
            Function<R, Collection<String>> dooms,
            CompletableFuture<R> answer,
            long askedNs) {
        this.machine = machine;
        this.dooms = dooms;
        this.answer = answer;
        this.askedNs = askedNs;
    }

    long askedNs() {
        return askedNs;
    }

    /** How often it was decided. */
    int attempts() {
        return attempts;
    }

    Elections.Tally decide(Draft draft) {
        attempts++;
        decided = machine.decide(draft);
        return machine.tally();
    }

    void refuse(Failure failure) {
        answer.complete(machine.refused(failure));
    }

    /** Answers what was decided when it is in force, and the topics it dooms are gone. */
    void answer(
            ClusterImage written,
            CompletionStage<Void> inForce,
            Function<Collection<String>, CompletionStage<Void>> gone) {
        R result = machine.settled(decided, written);
        if (!machine.waitsUntilInForce()) {
            answer.complete(result);
            return;
        }
        Collection<String> doomed = dooms.apply(result);
        CompletionStage<Void> ready =
                doomed.isEmpty() ? inForce : inForce.thenCombine(gone.apply(doomed), (first, second) -> null);
        ready.whenComplete((done, error) -> answer.complete(result));
    }

    static <R> Collection<String> dooms(R result) {
        return List.of();
    }
}
