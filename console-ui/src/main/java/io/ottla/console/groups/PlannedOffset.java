package io.ottla.console.groups;

/**
 * What becomes of a group's offset in one partition. -1 stands for none.
 *
 * @param before its offset now
 * @param after its offset then
 * @param first of the offsets that are still there
 * @param end the offset that the next record gets
 * @param cut whether what was wanted lies outside the log, so that the nearest end of it is taken
 */
public record PlannedOffset(String topic, int partition, long before, long after, long first, long end, boolean cut) {
    public long lagBefore() {
        return before < 0 ? -1 : Math.max(0, end - before);
    }

    public long lagAfter() {
        return Math.max(0, end - after);
    }

    public boolean changes() {
        return before != after;
    }
}
