package io.ottla.coordinator.transaction;

import io.ottla.coordinator.Answer;
import io.ottla.coordinator.Effects;
import io.ottla.coordinator.Operation;
import io.ottla.coordinator.Shards;
import io.ottla.peer.ProducerIds;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/**
 * A request that may change one transactional id, and who waits for its answer. It comes before the id's shard once, or
 * again: when a fresh producer id is there for it, and when the transaction before it is over.
 */
final class TransactionRequest implements Operation<TransactionMachine, TransactionRecord>, Answer {
    /** One of {@link TransactionRules}. */
    @FunctionalInterface
    interface Rule {
        /** @param freshId {@link TransactionRules#NO_ID} where none is at hand */
        Decision decide(TransactionMetadata present, long freshId, long nowMs);
    }

    private final String id;
    private final Rule rule;
    private final Shards<TransactionMachine, TransactionRecord> shards;
    private final ProducerIds ids;
    private final Consumer<ProducerAnswer> to;
    private long freshId = TransactionRules.NO_ID;
    private boolean hasWaited;
    private ProducerAnswer answer;

    TransactionRequest(
            String id,
            Rule rule,
            Shards<TransactionMachine, TransactionRecord> shards,
            ProducerIds ids,
            Consumer<ProducerAnswer> to) {
        this.id = id;
        this.rule = rule;
        this.shards = shards;
        this.ids = ids;
        this.to = to;
    }

    @Override
    public Effects<TransactionRecord> decide(TransactionMachine machine) {
        return switch (rule.decide(machine.get(id), freshId, machine.nowMs())) {
            case Decision.Refused(Errors error) -> {
                if (error == Errors.CONCURRENT_TRANSACTIONS && !hasWaited && machine.isJustEnding(id)) {
                    yield park(machine, Effects.none());
                }
                answer = ProducerAnswer.refused(error);
                yield Effects.read(id, this);
            }
            case Decision.Unchanged(TransactionMetadata present) -> {
                answer = new ProducerAnswer(Errors.NONE, present.producerAfterwards());
                yield Effects.confirm(id, this);
            }
            case Decision.Changed(TransactionMetadata next) -> {
                answer = new ProducerAnswer(Errors.NONE, next.producerAfterwards());
                yield machine.store(id, next, this);
            }
            case Decision.Fenced(TransactionMetadata next) -> {
                if (!hasWaited) {
                    yield park(machine, machine.store(id, next, NONE));
                }
                answer = ProducerAnswer.refused(Errors.CONCURRENT_TRANSACTIONS);
                yield machine.store(id, next, this);
            }
            case Decision.NeedsId() -> {
                ids.next().whenComplete(this::with);
                yield Effects.none();
            }
        };
    }

    private Effects<TransactionRecord> park(TransactionMachine machine, Effects<TransactionRecord> effects) {
        hasWaited = true;
        machine.parked().add(id, this);
        return effects;
    }

    private void with(Long fresh, Throwable failure) {
        if (failure == null) {
            freshId = fresh;
            shards.submit(id, this);
        } else {
            refuse(Errors.COORDINATOR_LOAD_IN_PROGRESS);
        }
    }

    @Override
    public void give() {
        to.accept(answer);
    }

    @Override
    public void refuse(Errors error) {
        to.accept(ProducerAnswer.refused(error));
    }
}
