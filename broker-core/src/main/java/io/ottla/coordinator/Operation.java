package io.ottla.coordinator;

import org.apache.kafka.common.protocol.Errors;

/**
 * Something that a shard is asked to do.
 *
 * @param <M> the shard's state
 * @param <R> its records
 */
public interface Operation<M, R> {
    /**
     * Reads the state and decides. Called on the shard's executor, one operation after the other, at most once; must not
     * block. Where it throws, nothing is written and {@link #refuse} is called.
     */
    Effects<R> decide(M machine);

    /** It was not run: the shard is not here, is loading, or the operation broke. Any thread. */
    void refuse(Errors error);
}
