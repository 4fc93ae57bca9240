package io.ottla.storage;

import io.ottla.record.RecordBatch;
import java.util.HashMap;
import java.util.Map;

/**
 * The last batch of each producer that the broker remembers. Compaction leaves it in place, if need be without records: it
 * tells sequence and epoch to whoever reads the log anew. Immutable.
 */
final class LastOfProducers {
    /** @param dataOffset -1 where only a marker has the epoch */
    private record Last(long dataOffset, short epoch) {}

    private final Map<Long, Last> producers = new HashMap<>();

    /** Under the log's lock. */
    LastOfProducers(ProducerStates states) {
        for (ProducerState state : states.all()) {
            producers.put(state.producerId(), new Last(state.lastOffset(), state.epoch));
        }
    }

    boolean has(RecordBatch batch) {
        if (!batch.hasProducerId()) {
            return false;
        }
        Last last = producers.get(batch.producerId());
        if (last == null) {
            return false;
        }
        return last.dataOffset >= 0
                ? batch.lastOffset() == last.dataOffset
                : batch.isControl() && batch.producerEpoch() == last.epoch;
    }
}
