package io.ottla.coordinator;

import io.ottla.time.Timer;
import io.ottla.types.LeaderEpoch;

/** What a machine may ask of the shard whose state it is. Thread-safe. */
public interface ShardContext<M, R> {
    /** Of the leadership that the shard lives by. */
    LeaderEpoch epoch();

    /** Has an operation run after those that are waiting. It is refused where the shard has ended, and only then. */
    void submit(Operation<M, R> operation);

    /**
     * Has an operation run later.
     *
     * @param delayMs 0 or more, from now
     */
    Timer.Timeout schedule(long delayMs, Operation<M, R> operation);
}
