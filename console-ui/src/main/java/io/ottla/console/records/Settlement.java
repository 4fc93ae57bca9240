package io.ottla.console.records;

import java.util.Map;
import java.util.TreeMap;

/**
 * What transactions have to do with a page of records.
 *
 * @param fates of those on the page that readers of what is committed don't get
 * @param leftOut how many records of aborted transactions lie between those on a page of what is committed
 * @param waiting by partition, the offset from which on such readers wait for an open transaction
 */
public record Settlement(Map<Place, Fate> fates, int leftOut, Map<Integer, Long> waiting) {
    static final Settlement NONE = new Settlement(Map.of(), 0, Map.of());

    /** Where a record is in its topic. */
    record Place(int partition, long offset) {
        static Place of(RecordView record) {
            return new Place(record.partition(), record.offset());
        }
    }

    public Settlement {
        fates = Map.copyOf(fates);
        waiting = new TreeMap<>(waiting);
    }

    /** Null for a record that everybody reads. */
    public Fate fate(RecordView record) {
        return fates.get(Place.of(record));
    }

    public boolean isAny(Fate fate) {
        return fates.containsValue(fate);
    }
}
