package io.ottla.storage;

import io.ottla.record.RecordBatch;
import java.util.HashMap;
import java.util.Map;

/**
 * The last batch of each producer below where compaction ends, of those that are not expired. Compaction leaves it in place,
 * if need be without records: it tells sequence and epoch to whoever reads the log anew. What a producer wrote behind does
 * not count: that may be cut yet, or lost, and then this one is its last. Immutable.
 */
final class LastOfProducers {
    /** @param dataOffset -1 where only a marker has the epoch */
    private record Last(long dataOffset, short epoch) {}

    private final Map<Long, Last> producers = new HashMap<>();

    /** @param states as they were where compaction ends */
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
