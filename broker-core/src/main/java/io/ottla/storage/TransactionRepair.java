package io.ottla.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns a segment's aborted transactions from its batches, where the index of them is lost or damaged: without it a
 * reader of committed records would be given what was aborted. Changes nothing but that index. Blocks.
 */
final class TransactionRepair {
    private static final Logger LOG = LoggerFactory.getLogger(TransactionRepair.class);

    private TransactionRepair() {}

    /** The index's entries, built again where what the file holds can't be understood. */
    static List<TransactionIndex.Entry> entries(LogState log, LogSegment[] segments, int number) throws IOException {
        TransactionIndex index = segments[number].transactionIndex();
        try {
            return index.entries();
        } catch (MalformedFileException e) {
            LOG.error("{}. It is built again", e.getMessage());
            makeGood(log, segments, number);
            return index.entries();
        }
    }

    /** Builds the index of the segment of that number again. */
    static void makeGood(LogState log, LogSegment[] segments, int number) throws IOException {
        LogSegment wanted = segments[number];
        ProducerStates states = new ProducerStates(Integer.MAX_VALUE, log.folder.clock());
        OptionalLong snapshot = log.snapshots.restore(states, segments[0].baseOffset(), wanted.baseOffset(), 0);
        long from = snapshot.orElse(0);
        List<TransactionIndex.Entry> aborted = new ArrayList<>();
        for (int i = LogState.floor(segments, from); i < number; i++) {
            replay(segments[i], from, states, new ArrayList<>());
        }
        replay(wanted, from, states, aborted);
        LOG.info("Built the transaction index of {} again: {} aborted transactions", wanted, aborted.size());
        wanted.transactionIndex().replace(aborted);
    }

    private static void replay(
            LogSegment segment, long from, ProducerStates states, List<TransactionIndex.Entry> aborted)
            throws IOException {
        BatchScanner scanner = segment.scan();
        while (scanner.next()) {
            if (scanner.baseOffset() >= from && (scanner.isLegacy() || scanner.isIntact())) {
                learn(scanner, states, aborted);
            }
        }
    }

    /** Lets the states learn from the batch, and notes the transaction that it aborts. */
    static void learn(BatchScanner scanner, ProducerStates states, List<TransactionIndex.Entry> aborted) {
        if (scanner.isLegacy() || !scanner.batch().hasProducerId()) {
            return;
        }
        CompletedTransaction completed = states.apply(scanner.batch());
        if (completed != null && completed.aborted()) {
            aborted.add(new TransactionIndex.Entry(
                    completed.producerId(),
                    completed.firstOffset(),
                    completed.lastOffset(),
                    states.lastStableOffset(completed)));
        }
    }
}
