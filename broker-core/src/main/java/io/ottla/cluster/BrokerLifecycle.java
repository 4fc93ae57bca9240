package io.ottla.cluster;

import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A broker's life, told to everybody who asks. Thread-safe. */
public final class BrokerLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerLifecycle.class);

    private final AtomicReference<BrokerState> state = new AtomicReference<>(BrokerState.NOT_RUNNING);
    private final CompletableFuture<String> failure = new CompletableFuture<>();

    public BrokerLifecycle(Metrics metrics) {
        metrics.gauge(
                "kafka_server_kafkaserver_brokerstate",
                "0 not running, 1 starting, 2 recovering logs, 3 running, 6 giving up leadership, 7 shutting down",
                Labels.NONE,
                () -> state.get().number());
    }

    public BrokerState state() {
        return state.get();
    }

    /**
     * Goes on to the next state.
     *
     * @throws IllegalStateException where it can't follow the present one
     */
    public void advance(BrokerState next) {
        BrokerState before = state.getAndUpdate(now -> now.mayBecome(next) ? next : now);
        if (!before.mayBecome(next)) {
            throw new IllegalStateException("Expected a state that may follow " + before + ", but got " + next);
        }
        LOG.info("Broker state {}", next);
    }

    /** Begins to give up what it leads; false where the broker does not run, or somebody else sees to it already. */
    public boolean leave() {
        boolean leaves = state.compareAndSet(BrokerState.RUNNING, BrokerState.PENDING_CONTROLLED_SHUTDOWN);
        if (leaves) {
            LOG.info("Broker state {}", BrokerState.PENDING_CONTROLLED_SHUTDOWN);
        }
        return leaves;
    }

    /**
     * Begins to shut down, wherever the broker is in its life.
     *
     * @return false where it is shutting down already, or never started: somebody else sees to it, or there is nothing
     *     to do
     */
    public boolean shutDown() {
        BrokerState before =
                state.getAndUpdate(now -> now.mayBecome(BrokerState.SHUTTING_DOWN) ? BrokerState.SHUTTING_DOWN : now);
        return before.mayBecome(BrokerState.SHUTTING_DOWN);
    }

    /** Notes that the broker can't serve any more, and why: a sentence for the operator. The first reason stays. */
    public void fail(String why) {
        failure.complete(why);
    }

    /** Completes with the reason when the broker can't serve any more; never exceptionally. */
    public CompletionStage<String> failure() {
        return failure.minimalCompletionStage();
    }
}
