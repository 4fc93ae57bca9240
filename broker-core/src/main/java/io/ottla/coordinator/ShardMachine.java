package io.ottla.coordinator;

/**
 * The state of a shard. It is what its records say, applied in order, and whatever lives only as long as the leadership
 * (who waits, when who was last heard of). Only the shard's executor touches it; while it is loaded, the loading thread.
 */
public interface ShardMachine<R> {
    /**
     * Applies a record that was just decided, or read from the log.
     *
     * @param offset of the record
     * @param producerId of the transaction that it belongs to; -1 outside of one
     * @param producerEpoch of that producer; -1 outside of a transaction
     * @param undo takes down how to revert it
     */
    void apply(R record, long offset, long producerId, short producerEpoch, UndoLog undo);

    /** Applies the end of a transaction: what was pending in it counts now, or is dropped. */
    void endTransaction(long producerId, short producerEpoch, boolean commits, UndoLog undo);

    /** All of the log is applied: operations begin. */
    void activated();

    /** The leadership is over: whoever waits in the state is refused. */
    void deactivated();
}
