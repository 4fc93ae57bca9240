package io.ottla.simulation;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;

/** What of an answer to a fetch belongs to aborted transactions, as clients find out (KIP-98). */
final class CommittedView {
    private final ArrayDeque<AbortedTransaction> coming = new ArrayDeque<>();
    private final Set<Long> aborted = new HashSet<>();
    private boolean isAborted;

    /** @param told with the answer; null where there are none */
    CommittedView(List<AbortedTransaction> told) {
        if (told != null) {
            told.stream()
                    .sorted(Comparator.comparingLong(AbortedTransaction::firstOffset))
                    .forEach(coming::add);
        }
    }

    /** The next batch. */
    void enter(Batches.Batch batch) {
        while (!coming.isEmpty() && coming.peek().firstOffset() <= batch.lastOffset()) {
            aborted.add(coming.poll().producerId());
        }
        if (batch.marker() == 'A') {
            aborted.remove(batch.producerId());
        }
        isAborted = batch.isTransactional() && aborted.contains(batch.producerId());
    }

    /** Whether the records of the last batch are to be passed over. */
    boolean isAborted() {
        return isAborted;
    }
}
