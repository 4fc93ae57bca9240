package io.ottla.coordinator;

import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.protocol.Errors;

/**
 * A request to a shard, and its answer: the operation, and who waits for it, in one object.
 *
 * @param <M> the shard's state
 * @param <R> its records
 * @param <A> the answer's type
 */
public final class Call<M, R, A> implements Operation<M, R>, Answer {
    /** Decides; notes the answer by {@link #with}. */
    @FunctionalInterface
    public interface Deciding<M, R, A> {
        Effects<R> decide(M machine, Call<M, R, A> call);
    }

    private final Deciding<M, R, A> deciding;
    private final Function<Errors, A> refusal;
    private final Consumer<A> to;
    private A answer;

    /**
     * @param refusal the answer that carries nothing but an error
     * @param to told once, on any thread
     */
    public Call(Deciding<M, R, A> deciding, Function<Errors, A> refusal, Consumer<A> to) {
        this.deciding = deciding;
        this.refusal = refusal;
        this.to = to;
    }

    /** Notes the answer that is given when what it rests on is stored. */
    public Call<M, R, A> with(A prepared) {
        answer = prepared;
        return this;
    }

    /** Refuses for a reason that lies in the request, or in the state. */
    public Call<M, R, A> with(Errors error) {
        answer = refusal.apply(error);
        return this;
    }

    @Override
    public Effects<R> decide(M machine) {
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
