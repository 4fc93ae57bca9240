package io.ottla.broker;

import io.ottla.concurrent.Waiting;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for what other threads do when a broker starts or stops. */
final class Stages {
    private static final Logger LOG = LoggerFactory.getLogger(Stages.class);

    private final Waiting waiting;

    Stages(Waiting waiting) {
        this.waiting = waiting;
    }

    /**
     * What comes of it.
     *
     * @param late why the start can't go on where it takes longer: a sentence for people
     */
    <T> T await(CompletionStage<T> stage, long timeoutMs, String late)
            throws BrokerStartException, IOException, InterruptedException {
        try {
            return waiting.await(stage, timeoutMs);
        } catch (TimeoutException e) {
            throw new BrokerStartException(late);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        }
    }

    /** Whether it came to an end in time. */
    boolean isDone(CompletionStage<Void> stage, long timeoutMs) {
        try {
            waiting.await(stage, timeoutMs);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Goes on where it fails or takes longer, with a line in the log: a stop must come to its end. */
    void settle(CompletionStage<Void> stage, long timeoutMs) {
        try {
            waiting.await(stage, timeoutMs);
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("A part did not close in order: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
