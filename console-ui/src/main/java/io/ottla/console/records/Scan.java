package io.ottla.console.records;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Looks through records until there are enough, or the limits of one look are met. For one thread.
 *
 * @param read what somebody may see of a record; null where he may not know of it
 */
public record Scan(
        RecordSource source, Function<ConsumerRecord<byte[], byte[]>, RecordView> read, RecordFilter filter) {
    /** Why a look ended. */
    public enum End {
        /** As many as were asked for. */
        ENOUGH,
        /** No further record. */
        END,
        /** The most that is looked through at once. */
        RECORDS,
        /** The longest that one look takes. */
        TIME
    }

    /**
     * How a look went.
     *
     * @param looked records that were looked through
     * @param lastOffset of the last of them, -1 for none
     * @param lastTimestamp of the same
     */
    public record Outcome(End end, int looked, long lastOffset, long lastTimestamp) {
        /** Whether a limit ended it before it was through. */
        public boolean isCut() {
            return end == End.RECORDS || end == End.TIME;
        }
    }

    /**
     * @param found takes what the filter lets through, in the source's order; says whether it takes more
     * @param records most that are looked through
     * @param time how long at most
     */
    Outcome run(Predicate<RecordView> found, int records, Duration time) {
        long deadline = System.nanoTime() + time.toNanos();
        int looked = 0;
        long lastOffset = -1;
        long lastTimestamp = -1;
        End end = null;
        while (end == null) {
            ConsumerRecord<byte[], byte[]> record = looked < records ? source.next(deadline) : null;
            if (record == null) {
                end = source.isAtEnd() ? End.END : looked >= records ? End.RECORDS : End.TIME;
            } else {
                looked++;
                lastOffset = record.offset();
                lastTimestamp = record.timestamp();
                RecordView view = read.apply(record);
                if (view != null && filter.matches(view) && !found.test(view)) {
                    end = End.ENOUGH;
                } else if (System.nanoTime() >= deadline) {
                    end = source.isAtEnd() ? End.END : End.TIME;
                }
            }
        }
        return new Outcome(end, looked, lastOffset, lastTimestamp);
    }
}
