package io.ottla.storage;

import io.ottla.record.EndTransactionMarker;
import io.ottla.record.RecordBatch;
import io.ottla.time.Clock;
import io.ottla.types.Failure;
import io.ottla.types.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.protocol.Errors;

/**
 * All producers that wrote to a log lately, and the transactions that are open in it or whose marker is not yet
 * replicated (KIP-98). Says whether a batch may be appended, and learns from those that were. Under the log's lock.
 */
final class ProducerStates {
    /**
     * For so long a client waits for a former leader's answer: 30 s by default in Java ({@code request.timeout.ms}), 60 s in
     * librdkafka ({@code socket.timeout.ms}). Half of what Java gives a batch in all ({@code delivery.timeout.ms}).
     */
    private static final long LONGEST_REQUEST_MS = 60_000;

    /** Of producers that were put off, as many are remembered. */
    private static final int MOST_PUT_OFF = 100_000;

    private final Clock clock;
    private final Map<Long, ProducerState> producers = new HashMap<>();
    /** Open transactions: first offset → producer. */
    private final TreeMap<Long, Long> open = new TreeMap<>();
    /** Ended, but the marker is at or past the high watermark: first offset → the marker's. */
    private final TreeMap<Long, Long> unreplicated = new TreeMap<>();

    /** Unknown producers that were put off: the lowest sequence of each, with which it has to go on. */
    private final Map<Long, Integer> putOff = new HashMap<>();

    private int expirationMs;
    private boolean hasHeardOfOthers;
    private long heardMs;

    ProducerStates(int expirationMs, Clock clock) {
        this.expirationMs = expirationMs;
        this.clock = clock;
    }

    /**
     * There may be batches that are not here and will be tried again: this replica begins to lead, and a producer may
     * still wait for the former leader's answer; or it has refused some. For a while an unknown producer is put off, unless
     * it begins with sequence 0: else what comes before would be refused once it is tried here, or be behind the rest.
     */
    void othersWillFollow() {
        hasHeardOfOthers = true;
        heardMs = clock.monotonicMs();
    }

    private boolean heardOfOthersWithin(long ms) {
        return hasHeardOfOthers && clock.monotonicMs() - heardMs < ms;
    }

    /** Why a batch that a leader is to append must not be written; null where it may. */
    AppendResult check(RecordBatch batch, AppendOrigin origin) {
        long producerId = batch.producerId();
        if (producerId < 0) {
            return null;
        }
        ProducerState state = producers.get(producerId);
        short epoch = batch.producerEpoch();
        if (batch.isControl()) {
            return checkMarker(state, epoch, EndTransactionMarker.of(batch), origin);
        }
        boolean isNumbered = isNumbered(origin);
        int first = batch.baseSequence();
        int last = batch.lastSequence();
        if (state != null && isNumbered && epoch == state.epoch) {
            AppendResult.Duplicate duplicate = state.find(first, last);
            if (duplicate != null) {
                return duplicate;
            }
        }
        AppendResult refusal = state == null ? null : checkEpochAndTransaction(state, epoch, batch);
        if (refusal == null && batch.isTransactional()) {
            refusal = checkVerified(state, batch, origin);
        }
        if (refusal != null || !isNumbered) {
            return refusal;
        }
        return state == null ? checkBeginning(batch) : checkSequence(state, epoch, first, last);
    }

    /** Whether a client has numbered the records. */
    static boolean isNumbered(AppendOrigin origin) {
        return origin instanceof AppendOrigin.Client || origin instanceof VerifiedTransaction;
    }

    /** Null where the records are of no transaction, or end one. */
    private static VerifiedTransaction verified(AppendOrigin origin) {
        return switch (origin) {
            case VerifiedTransaction verified -> verified;
            case AppendOrigin.Offsets(VerifiedTransaction verified) -> verified;
            case AppendOrigin.Client _, AppendOrigin.Coordinator _ -> null;
        };
    }

    private static AppendResult checkVerified(ProducerState state, RecordBatch batch, AppendOrigin origin) {
        VerifiedTransaction verified = verified(origin);
        return verified != null && verified.covers(batch, state)
                ? null
                : refused(
                        Errors.INVALID_TXN_STATE,
                        "Expected producer " + batch.producerId() + " to have a transaction under way in epoch "
                                + batch.producerEpoch() + ", but it has ended");
    }

    /** Whether a producer's transaction is open here. */
    TransactionStanding standing(TopicPartition partition, VerifiedTransaction wanted) {
        ProducerState state = producers.get(wanted.producerId());
        return state != null && state.transactionStart >= 0 && state.epoch == wanted.producerEpoch()
                ? wanted
                : new UnverifiedTransaction(partition, wanted);
    }

    private AppendResult checkBeginning(RecordBatch batch) {
        int first = batch.baseSequence();
        return first <= 0 || !isPutOff(batch.producerId(), first)
                ? null
                : refused(
                        Errors.UNKNOWN_PRODUCER_ID,
                        "Expected producer " + batch.producerId()
                                + ", which this leader does not know, to begin with sequence 0, but it sent "
                                + first);
    }

    /** What was put off in the midst of its sequences comes before all that follows it. */
    private boolean isPutOff(long producerId, int first) {
        Integer lowest = putOff.get(producerId);
        if (!heardOfOthersWithin(LONGEST_REQUEST_MS)) {
            return lowest != null && first > lowest;
        }
        if (lowest == null ? putOff.size() < MOST_PUT_OFF : first < lowest) {
            putOff.put(producerId, first);
        }
        return true;
    }

    private static AppendResult checkSequence(ProducerState state, short epoch, int first, int last) {
        if (epoch != state.epoch) {
            return first == 0 || state.epoch < 0
                    ? null
                    : refused(
                            Errors.OUT_OF_ORDER_SEQUENCE_NUMBER,
                            "Expected producer " + state.producerId() + " to begin epoch " + epoch
                                    + " with sequence 0, but it sent " + first);
        }
        if (Sequences.follows(state.lastSequence(), first)) {
            return null;
        }
        return first <= last && state.hasForgotten(last)
                ? new AppendResult.Duplicate(-1, state.lastOffset(), -1)
                : refused(
                        Errors.OUT_OF_ORDER_SEQUENCE_NUMBER,
                        "Expected the sequence after " + state.lastSequence() + " from producer " + state.producerId()
                                + " in epoch " + epoch + ", but it sent " + first);
    }

    private static AppendResult checkEpochAndTransaction(ProducerState state, short epoch, RecordBatch batch) {
        if (epoch < state.epoch) {
            return refused(
                    Errors.INVALID_PRODUCER_EPOCH,
                    "Expected epoch " + state.epoch + " or later of producer " + state.producerId() + ", but it sent "
                            + epoch);
        }
        if (state.transactionStart >= 0 && !batch.isTransactional()) {
            return refused(
                    Errors.INVALID_TXN_STATE,
                    "Expected producer " + state.producerId()
                            + " to end its transaction before it writes outside of one");
        }
        return null;
    }

    private static AppendResult checkMarker(
            ProducerState state, short epoch, EndTransactionMarker marker, AppendOrigin origin) {
        if (state == null || marker == null) {
            return null;
        }
        boolean hasOwnEpoch = hasOwnEpoch(origin);
        if (epoch < state.epoch || epoch == state.epoch && hasOwnEpoch) {
            return refused(
                    Errors.INVALID_PRODUCER_EPOCH,
                    "Expected a marker of epoch " + (state.epoch + (hasOwnEpoch ? 1 : 0)) + " or later for producer "
                            + state.producerId() + ", but it has " + epoch);
        }
        if (marker.coordinatorEpoch() < state.coordinatorEpoch) {
            return refused(
                    Errors.TRANSACTION_COORDINATOR_FENCED,
                    "Expected coordinator epoch " + state.coordinatorEpoch + " or later, but the marker has "
                            + marker.coordinatorEpoch());
        }
        return null;
    }

    private static boolean hasOwnEpoch(AppendOrigin marker) {
        return marker instanceof AppendOrigin.Coordinator coordinator && coordinator.hasOwnEpoch();
    }

    private static AppendResult refused(Errors error, String message) {
        return new AppendResult.Refused(Failure.of(error, message));
    }

    /** Learns from a batch that was read back. The transaction that it ends, or null. */
    CompletedTransaction apply(RecordBatch batch) {
        return apply(batch, null);
    }

    /** Learns from a batch that was appended now. The transaction that it ends, or null. */
    CompletedTransaction appended(RecordBatch batch, AppendOrigin origin) {
        return apply(batch, origin);
    }

    /** @param origin null where it was read back */
    private CompletedTransaction apply(RecordBatch batch, AppendOrigin origin) {
        long producerId = batch.producerId();
        if (producerId < 0) {
            return null;
        }
        ProducerState state = producers.get(producerId);
        if (state == null) {
            state = new ProducerState(producerId);
            producers.put(producerId, state);
            putOff.remove(producerId);
        }
        long lastOffset = batch.lastOffset();
        long timestamp = batch.maxTimestamp();
        state.enter(batch.producerEpoch());
        if (batch.isControl()) {
            state.lastTimestamp = timestamp; // also where compaction has left nothing but the producer's epoch
            EndTransactionMarker marker = EndTransactionMarker.of(batch);
            return marker == null ? null : end(state, marker, lastOffset, origin);
        }
        int delta = batch.lastOffsetDelta();
        state.add(batch.lastSequence(), lastOffset, delta, timestamp);
        if (batch.isTransactional() && state.transactionStart < 0) {
            state.transactionStart = lastOffset - delta;
            state.transactionStartMs = origin != null ? clock.wallMs() : timestamp;
            open.put(state.transactionStart, producerId);
        }
        return null;
    }

    private CompletedTransaction end(
            ProducerState state, EndTransactionMarker marker, long offset, AppendOrigin origin) {
        state.coordinatorEpoch = marker.coordinatorEpoch();
        state.lastMarker = offset;
        if (!hasOwnEpoch(origin)) {
            state.lastMarkerOfSharedEpoch = offset;
        }
        long start = state.transactionStart;
        if (start < 0) {
            return null;
        }
        state.transactionStart = -1;
        open.remove(start);
        unreplicated.put(start, offset);
        return new CompletedTransaction(state.producerId(), start, offset, !marker.commits());
    }

    /** Where the last stable offset stands once the transaction counts as ended. */
    long lastStableOffset(CompletedTransaction completed) {
        return open.isEmpty() ? completed.lastOffset() + 1 : open.firstKey();
    }

    /** First offset of a transaction that is open, or ended by a marker that is not yet replicated; -1 for none. */
    long firstUnstableOffset() {
        long first = open.isEmpty() ? Long.MAX_VALUE : open.firstKey();
        if (!unreplicated.isEmpty()) {
            first = Math.min(first, unreplicated.firstKey());
        }
        return first == Long.MAX_VALUE ? -1 : first;
    }

    /** When the first of the open transactions began; -1 for none. */
    long openSinceMs() {
        return open.isEmpty() ? -1 : producers.get(open.firstEntry().getValue()).transactionStartMs;
    }

    /** Forgets ended transactions whose marker lies below the high watermark; true where there was one. */
    boolean replicated(long highWatermark) {
        return unreplicated.values().removeIf(marker -> marker < highWatermark);
    }

    /** From now on a producer is kept for so long after its last write. */
    void keepFor(int ms) {
        expirationMs = ms;
    }

    /** Others, still empty, that keep a producer for as long. */
    ProducerStates likewise() {
        return new ProducerStates(expirationMs, clock);
    }

    /** Forgets producers that wrote nothing for long and have no open transaction. */
    void expire(long nowMs) {
        if (!heardOfOthersWithin(2 * LONGEST_REQUEST_MS)) {
            putOff.clear();
        }
        producers.values().removeIf(state -> state.transactionStart < 0 && nowMs - state.lastTimestamp >= expirationMs);
    }

    boolean isEmpty() {
        return producers.isEmpty();
    }

    int count() {
        return producers.size();
    }

    Collection<ProducerState> all() {
        return producers.values();
    }

    ProducerState find(long producerId) {
        return producers.get(producerId);
    }

    void clear() {
        producers.clear();
        open.clear();
        unreplicated.clear();
    }

    /** Ended transactions whose marker may not be replicated yet: first offset → the marker's. */
    Map<Long, Long> unreplicated() {
        return unreplicated;
    }

    /** Takes over what a snapshot tells, but for producers that are expired. */
    void restore(ProducerSnapshot snapshot, long nowMs) {
        snapshot.states().forEach(state -> restore(state, nowMs));
        unreplicated.putAll(snapshot.unreplicated());
    }

    private void restore(ProducerState state, long nowMs) {
        if (state.transactionStart < 0 && nowMs - state.lastTimestamp >= expirationMs) {
            return;
        }
        producers.put(state.producerId(), state);
        if (state.transactionStart >= 0) {
            open.put(state.transactionStart, state.producerId());
        }
    }

    List<ProducerView> views() {
        List<ProducerView> views = new ArrayList<>(producers.size());
        for (ProducerState state : producers.values()) {
            views.add(new ProducerView(
                    state.producerId(),
                    state.epoch,
                    state.lastSequence(),
                    state.lastTimestamp,
                    state.coordinatorEpoch,
                    state.transactionStart));
        }
        return views;
    }
}
