package io.ottla.app.console;

import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ClusterFailure.Reason;
import io.ottla.console.words.Wording;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Waits for what ZooKeeper answers, for a bounded time and with a bounded number of questions at once: strangers cause them too. Thread-safe. */
final class ZooKeeperAnswers {
    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final int AT_ONCE = 16;

    private final Semaphore turns = new Semaphore(AT_ONCE);
    private final String sentence;

    /** @param sentence says, as a key of the message bundles, that there is no answer, and why */
    ZooKeeperAnswers(String sentence) {
        this.sentence = sentence;
    }

    /** @throws ClusterFailure with a sentence for people where there is no answer, or no good one */
    <T> T await(Supplier<CompletableFuture<T>> question) {
        boolean mine = false;
        try {
            mine = turns.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (!mine) {
                throw failure("too many questions at once", null);
            }
            return question.get().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw failure("no answer within " + PATIENCE.toSeconds() + " s", late);
        } catch (ExecutionException failed) {
            throw failure(String.valueOf(failed.getCause().getMessage()), failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw failure("interrupted", interrupted);
        } finally {
            if (mine) {
                turns.release();
            }
        }
    }

    ClusterFailure failure(String why, Throwable cause) {
        return new ClusterFailure(Reason.NO_ANSWER, Wording.of(sentence, why), cause);
    }
}
