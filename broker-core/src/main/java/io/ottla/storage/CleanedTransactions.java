package io.ottla.storage;

import io.ottla.record.RecordBatch;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Follows a log's transactions while its batches are shown in their order: which batches belong to one that was aborted, and
 * of which markers all batches are gone (KIP-98, KIP-534). All transactions that begin among those batches have ended.
 * Pure but for what it remembers.
 */
final class CleanedTransactions {
    private static final class Aborted {
        private final TransactionIndex.Entry entry;
        private boolean hasBatches;

        Aborted(TransactionIndex.Entry entry) {
            this.entry = entry;
        }
    }

    /** Of those that were aborted, by where they begin; those that have begun are taken out. */
    private final Deque<TransactionIndex.Entry> toCome = new ArrayDeque<>();

    private final Map<Long, Aborted> aborted = new HashMap<>();
    private final Set<Long> committed = new HashSet<>();

    /** @param aborted all that have a batch among those that will be shown */
    CleanedTransactions(List<TransactionIndex.Entry> aborted) {
        aborted.stream()
                .sorted(Comparator.comparingLong(TransactionIndex.Entry::firstOffset))
                .forEach(toCome::add);
    }

    /** Takes a batch that is no control batch, with records or without; true where it was aborted. */
    boolean isAborted(RecordBatch batch) {
        begin(batch.lastOffset());
        if (!batch.isTransactional()) {
            return false;
        }
        Aborted transaction = aborted.get(batch.producerId());
        if (transaction == null) {
            committed.add(batch.producerId());
            return false;
        }
        transaction.hasBatches = true;
        return true;
    }

    /**
     * What is to be known of a marker.
     *
     * @param isOrphan whether no batch of its transaction was shown
     * @param aborted what the index of aborted transactions says of it as long as the marker stays, or null
     */
    record Ended(boolean isOrphan, TransactionIndex.Entry aborted) {}

    /** Takes a marker. */
    Ended end(RecordBatch batch, boolean commit) {
        begin(batch.lastOffset());
        if (commit) {
            return new Ended(!committed.remove(batch.producerId()), null);
        }
        Aborted transaction = aborted.remove(batch.producerId());
        return transaction == null ? new Ended(true, null) : new Ended(!transaction.hasBatches, transaction.entry);
    }

    private void begin(long upToOffset) {
        while (!toCome.isEmpty() && toCome.peek().firstOffset() <= upToOffset) {
            TransactionIndex.Entry entry = toCome.poll();
            aborted.put(entry.producerId(), new Aborted(entry));
        }
    }
}
