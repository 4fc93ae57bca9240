package io.ottla.coordinator.group;

import io.ottla.coordinator.Answer;
import io.ottla.coordinator.Effects;
import io.ottla.coordinator.Operation;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.protocol.Errors;

/**
 * A request to a shard of groups, and its answer: the operation, and who waits for it, in one object.
 *
 * @param <A> the answer's type
 */
final class GroupCall<A> implements Operation<GroupMachine, GroupRecord>, Answer {
    /** Decides; notes the answer by {@link #with}. */
    @FunctionalInterface
    interface Deciding<A> {
        Effects<GroupRecord> decide(GroupMachine machine, GroupCall<A> call);
    }

    private final Deciding<A> deciding;
    private final Function<Errors, A> refusal;
    private final Consumer<A> to;
    private A answer;

    /**
     * @param refusal the answer that carries nothing but an error
     * @param to told once, on any thread
     */
    GroupCall(Deciding<A> deciding, Function<Errors, A> refusal, Consumer<A> to) {
        this.deciding = deciding;
        this.refusal = refusal;
        this.to = to;
    }

    /** Notes the answer that is given when what it rests on is stored. */
    GroupCall<A> with(A prepared) {
        answer = prepared;
        return this;
    }

    /** Refuses for a reason that lies in the request, or in the state. */
    GroupCall<A> with(Errors error) {
        answer = refusal.apply(error);
        return this;
    }

    @Override
    public Effects<GroupRecord> decide(GroupMachine machine) {
        return deciding.decide(machine, this);
    }

    @Override
    public void give() {
        to.accept(answer);
    }

    @Override
    public void refuse(Errors error) {
        to.accept(refusal.apply(error));
    }
}
