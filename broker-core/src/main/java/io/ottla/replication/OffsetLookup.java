package io.ottla.replication;

import io.ottla.record.OversizedRecord;
import io.ottla.storage.PartitionLog;
import io.ottla.storage.TimestampOffset;
import io.ottla.types.Failure;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.Errors;

/**
 * Finds offsets as ListOffsets asks for them. A leader that has just been elected does not know yet how much of what it
 * holds is committed: until the high watermark has reached the start of its epoch it does not answer with an end
 * (KIP-207).
 */
public final class OffsetLookup {
    /** What ListOffsets asks for by a negative timestamp. Sources: KIP-79, KIP-734, KIP-405, KIP-1005, KIP-1023. */
    public static final long LATEST = -1;

    public static final long EARLIEST = -2;
    public static final long MAX_TIMESTAMP = -3;
    public static final long EARLIEST_LOCAL = -4;
    public static final long LATEST_TIERED = -5;
    public static final long EARLIEST_PENDING_UPLOAD = -6;

    private static final ListedOffset NOTHING = new ListedOffset.Listed(TimestampOffset.NONE);
    private static final Failure NOT_AVAILABLE = Failure.of(Errors.OFFSET_NOT_AVAILABLE);

    private OffsetLookup() {}

    /**
     * @param timestamp milliseconds, or one of the constants
     * @param limit {@link ReadLimit#LOG_END} for a follower
     * @param currentLeaderEpoch -1 where the request names none
     */
    public static CompletionStage<ListedOffset> find(
            Partition partition, long timestamp, ReadLimit limit, int currentLeaderEpoch) {
        Failure refusal = partition.refusal(currentLeaderEpoch);
        if (refusal != null) {
            return done(new ListedOffset.Refused(refusal));
        }
        if (!(partition.role() instanceof Role.Leading leading)) {
            return done(new ListedOffset.Refused(Role.Refusals.NOT_LEADER));
        }
        PartitionLog log = partition.log();
        long end = switch (limit) {
            case HIGH_WATERMARK -> partition.highWatermark();
            case LAST_STABLE -> partition.lastStableOffset();
            case LOG_END -> log.logEndOffset();
        };
        boolean endIsKnown = limit == ReadLimit.LOG_END || partition.highWatermark() >= leading.epochStartOffset();
        if (timestamp == LATEST) {
            return done(
                    endIsKnown
                            ? new ListedOffset.Listed(new TimestampOffset(-1, end, leading.epoch()))
                            : new ListedOffset.Refused(NOT_AVAILABLE));
        }
        if (timestamp == LATEST_TIERED || timestamp == EARLIEST_PENDING_UPLOAD) {
            return done(NOTHING); // nothing is kept elsewhere
        }
        return log.offsetForTimestamp(timestamp, end).handle((place, error) -> {
            if (error != null) {
                return new ListedOffset.Refused(
                        error instanceof OversizedRecord record ? record.failure() : Role.Refusals.STORAGE);
            }
            boolean needsEnd = timestamp >= 0 || timestamp == MAX_TIMESTAMP;
            return place.offset() < 0 && needsEnd && !endIsKnown
                    ? new ListedOffset.Refused(NOT_AVAILABLE)
                    : new ListedOffset.Listed(place);
        });
    }

    private static CompletionStage<ListedOffset> done(ListedOffset result) {
        return CompletableFuture.completedStage(result);
    }
}
