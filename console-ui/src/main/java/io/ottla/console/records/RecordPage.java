package io.ottla.console.records;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A page of records.
 *
 * @param records in the order in which they are shown
 * @param outcome how the look for them went
 * @param older goes on towards the past; null where there is nothing
 * @param newer goes on towards now; null where there is nothing
 * @param offline partitions that could not be looked into, since they have no leader
 * @param low by partition, the first offset that was looked at
 * @param high by partition, the one after the last that was looked at
 */
public record RecordPage(
        List<RecordView> records,
        Scan.Outcome outcome,
        Cursor older,
        Cursor newer,
        List<Integer> offline,
        Map<Integer, Long> low,
        Map<Integer, Long> high) {
    /** Whether more could be found where the look went, but it ended before it was through. */
    public boolean unfinished() {
        return outcome.isCut();
    }

    /** The time of the last record that was looked at; null for none. */
    public Instant lastTime() {
        return outcome.lastTimestamp() < 0 ? null : Instant.ofEpochMilli(outcome.lastTimestamp());
    }
}
