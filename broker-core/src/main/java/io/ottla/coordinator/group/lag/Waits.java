package io.ottla.coordinator.group.lag;

import io.ottla.coordinator.group.GroupPositions.Position;
import java.util.HashMap;
import java.util.Map;

/**
 * Since when the records have been there that groups are to read next. What was found out of one is remembered for as long as
 * its group stands before it: so that the time of a group that stands grows by a second a second, however much is forgotten
 * of where the partition ended meanwhile. Not thread-safe.
 */
final class Waits {
    /** For a time that is not known. */
    static final long UNKNOWN = -1;

    private Map<String, Map<Position, Long>> before = Map.of();
    private Map<String, Map<Position, Long>> found = new HashMap<>();

    /**
     * For how long the record has been there that a group is to read next: 0 where there is none yet. One that was there
     * before anybody looked has been there since then at least.
     *
     * @param history of the partition's end; null where that is not known at the moment, and thus neither is this
     */
    long ageMs(String group, Position position, EndHistory history, long nowMs) {
        Long known = before.getOrDefault(group, Map.of()).get(position);
        if (history == null) {
            if (known != null) {
                keep(group, position, known);
            }
            return UNKNOWN;
        }
        if (position.offset() >= history.end()) {
            return 0;
        }
        long sinceMs = known == null ? history.sinceMs(position.offset()) : Math.max(known, history.firstMs());
        keep(group, position, sinceMs);
        return nowMs - sinceMs;
    }

    private void keep(String group, Position position, long sinceMs) {
        found.computeIfAbsent(group, _ -> new HashMap<>()).put(position, sinceMs);
    }

    /** All groups have been looked at: those that were not asked for have gone on, or are gone. */
    void lookedAtAll() {
        before = found;
        found = new HashMap<>();
    }

    /** Nothing is known any more. */
    void forget() {
        before = Map.of();
        found = new HashMap<>();
    }
}
