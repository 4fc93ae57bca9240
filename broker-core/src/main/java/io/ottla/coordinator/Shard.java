package io.ottla.coordinator;

import io.ottla.concurrent.SerialExecutor;
import io.ottla.replication.Partition;
import io.ottla.replication.Role;
import io.ottla.time.Timer;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.TopicPartition;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One partition of a coordinator's topic during one leadership of this broker: it is loaded, works, and is over; a next
 * leadership has a shard of its own.
 *
 * <p>Operations run one after the other. Those that find the shard at rest run on the thread that brings them, since they
 * do no more than a produce request does there; the others wait for a thread of the coordinators, and what they write
 * goes into one append (group commit). Thread-safe.
 */
final class Shard<M extends ShardMachine<R>, R> {
    private static final Logger LOG = LoggerFactory.getLogger(Shard.class);

    private static final long AGAIN_MS = 10;

    /** What a shard is in its life. */
    enum Phase {
        LOADING,
        ACTIVE,
        /** Its log could not be read. */
        FAILED,
        OVER
    }

    private final TopicPartition name;
    private final LeaderEpoch epoch;
    private final ShardEnvironment<M, R> environment;
    private final SerialExecutor executor;
    private final M machine;
    private volatile Phase phase = Phase.LOADING;
    private volatile Partition partition;
    /** Set when the shard becomes active. Used on the executor. */
    private ShardWriter<R> writer;

    Shard(TopicPartition name, LeaderEpoch epoch, ShardEnvironment<M, R> environment) {
        this.name = name;
        this.epoch = epoch;
        this.environment = environment;
        this.executor = new SerialExecutor(environment.threads());
        this.machine = environment.kind().machine(new Context(), name.partition());
    }

    /** What a machine is given of its shard. */
    private final class Context implements ShardContext<M, R> {
        @Override
        public LeaderEpoch epoch() {
            return epoch;
        }

        @Override
        public void submit(Operation<M, R> operation) {
            submitSurely(operation);
        }

        @Override
        public Timer.Timeout schedule(long delayMs, Operation<M, R> operation) {
            return environment.timer().schedule(delayMs, () -> submitSurely(operation));
        }
    }

    TopicPartition name() {
        return name;
    }

    LeaderEpoch epoch() {
        return epoch;
    }

    Phase phase() {
        return phase;
    }

    /** For the loading thread alone, until the shard is active. */
    M machine() {
        return machine;
    }

    int waiting() {
        return executor.waiting();
    }

    /**
     * Has an operation run.
     *
     * @param here whether the calling thread may run it, where the shard and its disk are at rest
     */
    void submit(Operation<M, R> operation, boolean here) {
        Errors refusal = refusal();
        if (refusal != null) {
            operation.refuse(refusal);
            return;
        }
        Turn turn = new Turn(operation, environment.clock().monotonicNs());
        if (here && isCalm() && executor.tryRun(turn)) {
            return;
        }
        try {
            executor.execute(turn);
        } catch (RejectedExecutionException full) {
            operation.refuse(Errors.COORDINATOR_NOT_AVAILABLE);
        }
    }

    /** As {@link #submit} with another thread, for the shard's own operations: where there is no room it is tried again. */
    private void submitSurely(Operation<M, R> operation) {
        Errors refusal = refusal();
        if (refusal != null) {
            operation.refuse(refusal);
            return;
        }
        try {
            executor.execute(new Turn(operation, environment.clock().monotonicNs()));
        } catch (RejectedExecutionException full) {
            environment.timer().schedule(AGAIN_MS, () -> submitSurely(operation));
        }
    }

    /** Null where operations are taken. */
    private Errors refusal() {
        return switch (phase) {
            case ACTIVE -> null;
            case LOADING -> Errors.COORDINATOR_LOAD_IN_PROGRESS;
            case FAILED, OVER -> Errors.NOT_COORDINATOR;
        };
    }

    private boolean isCalm() {
        Partition held = partition;
        return held != null && held.log().folder().isCalm();
    }

    /** An operation that waits for its turn. */
    private final class Turn implements Runnable {
        private final Operation<M, R> operation;
        private final long submittedNs;

        Turn(Operation<M, R> operation, long submittedNs) {
            this.operation = operation;
            this.submittedNs = submittedNs;
        }

        @Override
        public void run() {
            long startNs = environment.clock().monotonicNs();
            environment.meter().began(startNs - submittedNs);
            decide(operation);
            if (phase == Phase.ACTIVE && executor.waiting() == 0) {
                flush();
            }
            environment.meter().done(environment.clock().monotonicNs() - startNs);
        }
    }

    private void decide(Operation<M, R> operation) {
        Errors refusal = refusal();
        if (refusal != null) {
            operation.refuse(refusal);
            return;
        }
        Effects<R> effects;
        try {
            effects = operation.decide(machine);
        } catch (RuntimeException e) {
            LOG.error("An operation on {} broke", name, e);
            operation.refuse(Errors.UNKNOWN_SERVER_ERROR);
            return;
        }
        if (effects.marker() != null) {
            apply(writer.end(effects));
        } else if (effects.records().isEmpty()) {
            writer.answer(effects);
        } else {
            apply(writer.write(effects));
        }
    }

    private void flush() {
        apply(writer.flush());
    }

    private void apply(ShardWriter.State state) {
        switch (state) {
            case GOOD -> {}
            case NOT_LEADING -> end(Errors.NOT_COORDINATOR);
            case BROKEN -> {
                end(Errors.NOT_COORDINATOR);
                environment.restart().accept(this);
            }
        }
    }

    /**
     * Begins to work: its log is applied up to the log's end.
     *
     * @param held this broker's replica
     * @param leading the leadership that the shard lives by
     */
    void activate(Partition held, Role.Leading leading) {
        executor.execute(() -> {
            if (phase != Phase.LOADING) {
                return;
            }
            partition = held;
            writer = new ShardWriter<>(held, leading, machine, environment);
            writer.awaitAll();
            phase = Phase.ACTIVE;
            try {
                machine.activated();
            } catch (RuntimeException e) {
                LOG.error("{} could not begin to work after it was loaded", name, e);
            }
        });
    }

    /** Its log can't be read. */
    void fail() {
        executor.execute(() -> {
            if (phase == Phase.LOADING) {
                phase = Phase.FAILED;
            }
        });
    }

    /** Ends the shard: the leadership is over, or the broker stops. */
    void close() {
        Phase before = phase;
        if (before == Phase.OVER) {
            return;
        }
        try {
            executor.execute(() -> end(Errors.NOT_COORDINATOR));
        } catch (RejectedExecutionException stopping) {
            phase = Phase.OVER;
        }
    }

    /** On the executor. */
    private void end(Errors how) {
        Phase before = phase;
        phase = Phase.OVER;
        if (before != Phase.ACTIVE) {
            return;
        }
        writer.close(how);
        try {
            machine.deactivated();
        } catch (RuntimeException e) {
            LOG.error("{} did not end in order", name, e);
        }
    }
}
