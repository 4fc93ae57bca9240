package io.ottla.simulation;

import io.ottla.concurrent.Waiting;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@link Waiting} of code that runs in a {@link Coroutine}: the simulation goes on meanwhile. */
final class SimulatedWaiting implements Waiting {
    @Override
    public <T> T await(CompletionStage<T> stage, long timeoutMs)
            throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<T> future = stage.toCompletableFuture();
        Coroutine here = Coroutine.current();
        if (!future.isDone() && timeoutMs > 0) {
            if (here == null) {
                throw new IllegalStateException(
                        "Expected to wait in a coroutine only, but an event of the simulation does");
            }
            here.await(future, timeoutMs);
        }
        return future.get(0, TimeUnit.MILLISECONDS);
    }
}
