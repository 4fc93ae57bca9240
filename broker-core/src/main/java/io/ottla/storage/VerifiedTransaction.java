package io.ottla.storage;

import io.ottla.record.RecordBatch;

/**
 * The leave to write to a log in a producer's transaction (KIP-890). A log gives it that has the transaction open, or else
 * {@link UnverifiedTransaction#verify} on the coordinator's word. It is void once a marker of that producer is appended:
 * what comes behind it would begin a transaction that nobody ends.
 */
public final class VerifiedTransaction implements AppendOrigin, TransactionStanding, Verification {
    private final long producerId;
    private final short producerEpoch;
    private final boolean hasOwnEpoch;
    private final long since;

    /**
     * @param hasOwnEpoch whether each of the producer's transactions has an epoch of its own, so that a marker with one of its
     *     own and of this epoch is of the transaction before
     * @param since other markers of that producer from this offset on make it void
     */
    VerifiedTransaction(long producerId, short producerEpoch, boolean hasOwnEpoch, long since) {
        this.producerId = producerId;
        this.producerEpoch = producerEpoch;
        this.hasOwnEpoch = hasOwnEpoch;
        this.since = since;
    }

    long producerId() {
        return producerId;
    }

    short producerEpoch() {
        return producerEpoch;
    }

    /**
     * Whether it still is good for a batch.
     *
     * @param state of the batch's producer; null where the log knows none
     */
    boolean covers(RecordBatch batch, ProducerState state) {
        return batch.producerId() == producerId
                && batch.producerEpoch() == producerEpoch
                && (state == null || (hasOwnEpoch ? state.lastMarkerOfSharedEpoch : state.lastMarker) < since);
    }
}
