package io.ottla.storage;

import java.nio.ByteBuffer;

/**
 * What is remembered of one producer: epoch, its last five batches, its open transaction (KIP-98). Mutable; under the
 * log's lock.
 */
final class ProducerState {
    /** As many batches as a producer may have in flight. */
    static final int BATCHES = 5;

    private static final int BATCH_BYTES = 24;

    private final long producerId;
    private final int[] lastSequences = new int[BATCHES];
    private final long[] lastOffsets = new long[BATCHES];
    private final int[] offsetDeltas = new int[BATCHES];
    private final long[] timestamps = new long[BATCHES];
    private int next;
    private int count;

    /** Whether batches came before those remembered that nobody told of: Kafka's snapshots keep one of each producer. */
    private boolean forgetsEarlier;

    short epoch = -1;
    int coordinatorEpoch = -1;
    long lastTimestamp = -1;
    /** Of the open transaction; -1 where none is. */
    long transactionStart = -1;
    /** Offset of the last marker since the log was opened; -1 for none. */
    long lastMarker = -1;
    /** As above, of those whose epoch the producer's next transaction may have too. */
    long lastMarkerOfSharedEpoch = -1;
    /** When that was appended here; where it was read back, about when it was sent. */
    long transactionStartMs = -1;

    ProducerState(long producerId) {
        this.producerId = producerId;
    }

    long producerId() {
        return producerId;
    }

    void add(int lastSequence, long lastOffset, int offsetDelta, long timestamp) {
        lastSequences[next] = lastSequence;
        lastOffsets[next] = lastOffset;
        offsetDeltas[next] = offsetDelta;
        timestamps[next] = timestamp;
        next = (next + 1) % BATCHES;
        count = Math.min(count + 1, BATCHES);
        lastTimestamp = timestamp;
    }

    /** What was taken over is the last batch alone, and there may have been others. */
    void earlierAreUnknown() {
        forgetsEarlier = true;
    }

    /** As many bytes as {@link #writeEarlier} writes. */
    int earlierBytes() {
        return 1 + earlier() * BATCH_BYTES;
    }

    /** All batches that are remembered but the last one, as {@link ProducerSnapshot} says. */
    void writeEarlier(ByteBuffer to) {
        to.put((byte) (forgetsEarlier ? ~earlier() : earlier()));
        for (int i = count; i > 1; i--) {
            int at = (next + BATCHES - i) % BATCHES;
            to.putInt(lastSequences[at])
                    .putLong(lastOffsets[at])
                    .putInt(offsetDeltas[at])
                    .putLong(timestamps[at]);
        }
    }

    /** Takes over what {@link #writeEarlier} wrote; the last batch follows. */
    void readEarlier(ByteBuffer from) {
        int told = from.get();
        forgetsEarlier = told < 0;
        for (int i = forgetsEarlier ? ~told : told; i > 0; i--) {
            add(from.getInt(), from.getLong(), from.getInt(), from.getLong());
        }
    }

    private int earlier() {
        return Math.max(0, count - 1);
    }

    /** Takes on an epoch; what earlier ones wrote no longer counts for sequences. */
    void enter(short newEpoch) {
        if (epoch != newEpoch) {
            epoch = newEpoch;
            forgetsEarlier = false;
            count = 0;
            next = 0;
        }
    }

    /** Sequence of the last record, or -1. */
    int lastSequence() {
        return count == 0 ? -1 : lastSequences[last()];
    }

    /** Offset of the last record, or -1. */
    long lastOffset() {
        return count == 0 ? -1 : lastOffsets[last()];
    }

    int lastOffsetDelta() {
        return count == 0 ? 0 : offsetDeltas[last()];
    }

    private int last() {
        return (next + BATCHES - 1) % BATCHES;
    }

    /**
     * Whether a batch that ends with this sequence came before all that is remembered: after a snapshot of Kafka's fewer are
     * remembered than a producer may still ask for. Otherwise nothing is forgotten that may still be asked for: what is not
     * remembered never was here. Where sequences have begun anew nothing counts as forgotten.
     */
    boolean hasForgotten(int lastSequence) {
        if (!forgetsEarlier || count == 0 || count == BATCHES) {
            return false;
        }
        int oldest = (next + BATCHES - count) % BATCHES;
        return lastSequence < lastSequences[oldest] - offsetDeltas[oldest];
    }

    /** The remembered batch with these sequences, or null. */
    AppendResult.Duplicate find(int firstSequence, int lastSequence) {
        for (int i = 0; i < count; i++) {
            if (lastSequences[i] == lastSequence
                    && Sequences.minus(lastSequences[i], offsetDeltas[i]) == firstSequence) {
                return new AppendResult.Duplicate(lastOffsets[i] - offsetDeltas[i], lastOffsets[i], timestamps[i]);
            }
        }
        return null;
    }
}
