package io.ottla.concurrent;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How one who starts or ends a broker waits for what others do: in production its thread blocks. Never for an event
 * loop or an executor of which the stage itself has need. Thread-safe.
 */
public interface Waiting {
    /**
     * What the stage brings.
     *
     * @param timeoutMs how long to wait at most; with 0 or less only what is there already counts
     * @throws ExecutionException where the stage fails; its cause says why
     * @throws TimeoutException where the stage is not done in time
     */
    <T> T await(CompletionStage<T> stage, long timeoutMs)
            throws InterruptedException, ExecutionException, TimeoutException;

    /** Blocks the calling thread. */
    static Waiting blocking() {
        return Blocking.INSTANCE;
    }

    /** Waits as threads do. */
    enum Blocking implements Waiting {
        INSTANCE;

        @Override
        public <T> T await(CompletionStage<T> stage, long timeoutMs)
                throws InterruptedException, ExecutionException, TimeoutException {
            return stage.toCompletableFuture().get(timeoutMs, TimeUnit.MILLISECONDS);
        }
    }
}
