package io.ottla.controller;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What became of writes that were sent side by side: all are well, or it is as bad as the worst of them. */
final class WriteOutcomes {
    private WriteOutcomes() {}

    /** The worst, once the fate of all is known. Never fails: what has no outcome may have been done or not. */
    static CompletionStage<WriteOutcome> worst(List<CompletableFuture<WriteOutcome>> writes) {
        return CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new)).handle((done, error) -> {
            WriteOutcome worst = new WriteOutcome.Written();
            for (CompletableFuture<WriteOutcome> write : writes) {
                WriteOutcome outcome = outcome(write);
                if (rank(outcome) > rank(worst)) {
                    worst = outcome;
                }
            }
            return worst;
        });
    }

    private static WriteOutcome outcome(CompletableFuture<WriteOutcome> write) {
        return write.isCompletedExceptionally()
                ? new WriteOutcome.Unknown(String.valueOf(write.exceptionNow()))
                : write.join();
    }

    private static int rank(WriteOutcome outcome) {
        return switch (outcome) {
            case WriteOutcome.Written() -> 0;
            case WriteOutcome.Unknown unknown -> 1;
            case WriteOutcome.Conflict conflict -> 2;
            case WriteOutcome.TooLarge tooLarge -> 3;
            case WriteOutcome.Deposed() -> 4;
        };
    }
}
