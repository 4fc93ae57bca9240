package io.ottla.replication;

import io.ottla.storage.AbortedTransaction;
import io.ottla.storage.EpochEnd;
import io.ottla.storage.PartitionLog;
import io.ottla.storage.ReadResult;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import io.ottla.types.LeaderEpoch;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.common.protocol.Errors;

/** The part of a partition that answers readers. From any thread, without a lock. */
final class PartitionReader {
    private static final Failure DAMAGED = Failure.of(Errors.KAFKA_STORAGE_ERROR);
    private static final PartitionRead BEHIND = new PartitionRead.Refused(Failure.of(Errors.OFFSET_NOT_AVAILABLE));

    private static final PartitionRead NOT_SURE = new PartitionRead.Refused(Role.Refusals.NOT_LEADER);

    private final PartitionState here;
    private final Partition.Surroundings surroundings;

    PartitionReader(PartitionState here, Partition.Surroundings surroundings) {
        this.here = here;
        this.surroundings = surroundings;
    }

    /** As {@link Partition#refusal}. */
    Failure refusal(int currentLeaderEpoch) {
        return refusal(here.role, currentLeaderEpoch, false);
    }

    /** As {@link Partition#serves}. */
    boolean serves(boolean anyReplica) {
        return refusal(here.role, -1, anyReplica) == null;
    }

    private static Failure refusal(Role now, int currentLeaderEpoch, boolean anyReplica) {
        if (currentLeaderEpoch >= 0
                && now.epoch().value() >= 0
                && currentLeaderEpoch != now.epoch().value()) {
            return currentLeaderEpoch < now.epoch().value() ? Role.Refusals.FENCED : Role.Refusals.UNKNOWN_EPOCH;
        }
        return anyReplica
                        && now instanceof Role.Following following
                        && !following.leader().isNone()
                ? null
                : now.refusal();
    }

    /** As {@link Partition#sendTo}. */
    PartitionRead sendTo(BrokerId replica) {
        long committed = here.highWatermark;
        return new PartitionRead.Elsewhere(
                replica, committed, Math.min(lastStableOffset(), committed), here.log.logStartOffset());
    }

    /** As {@link Partition#lastStableOffset}. */
    long lastStableOffset() {
        long committed = here.highWatermark;
        OptionalLong unstable = here.log.firstUnstableOffset();
        return unstable.isPresent() ? Math.min(unstable.getAsLong(), committed) : committed;
    }

    /** The first offset that a reader with that limit doesn't get. There is a log. */
    long endFor(ReadLimit limit) {
        return switch (limit) {
            case HIGH_WATERMARK -> here.highWatermark;
            case LAST_STABLE -> lastStableOffset();
            case LOG_END -> here.log.logEndOffset();
        };
    }

    /** Whether a {@link #read} would touch the disk, which no event loop does. There is a log. */
    boolean isCold(long fetchOffset, ReadLimit limit, int maxBytes) {
        PartitionLog there = here.log;
        long upTo = endFor(limit);
        return fetchOffset >= there.logStartOffset()
                && fetchOffset < upTo
                && !there.isHot(fetchOffset, upTo, maxBytes, limit == ReadLimit.LAST_STABLE);
    }

    /**
     * As {@link Partition#read}. A follower may lack what the leader has, and may have what it is yet to cut off: so it
     * says of nothing above its high watermark that it parts from what the reader has read, or is no offset (KIP-320,
     * KIP-392). A leader that may have been replaced meanwhile, since its process slept or is cut off, does not say so either:
     * what is behind its end may stand in its successor's log, and who is told that it is no offset goes elsewhere in the
     * log, or to its other end. It sends the reader to look for the leader again.
     */
    PartitionRead read(
            long fetchOffset,
            int currentLeaderEpoch,
            int lastFetchedEpoch,
            ReadLimit limit,
            boolean anyReplica,
            int maxBytes,
            boolean atLeastOneBatch) {
        Role now = here.role;
        Failure refusal = refusal(now, currentLeaderEpoch, anyReplica);
        if (refusal != null) {
            return new PartitionRead.Refused(refusal);
        }
        boolean follows = now instanceof Role.Following;
        long committed = here.highWatermark;
        long stable = Math.min(lastStableOffset(), committed);
        long start = here.log.logStartOffset();
        if (lastFetchedEpoch >= 0) {
            EpochEnd end = here.log.endOffsetOf(new LeaderEpoch(lastFetchedEpoch));
            if (end.endOffset() < 0) {
                return follows && fetchOffset >= start ? BEHIND : outOfRange(fetchOffset, start);
            }
            if (end.epoch().value() < lastFetchedEpoch || end.endOffset() < fetchOffset) {
                if (follows && end.endOffset() >= committed) {
                    return BEHIND;
                }
                if (limit != ReadLimit.LOG_END && !surroundings.isInTouch()) {
                    return NOT_SURE;
                }
                return new PartitionRead.Diverged(end, committed, stable, start);
            }
        }
        if (fetchOffset < start || fetchOffset > here.log.logEndOffset()) {
            if (follows && fetchOffset >= start) {
                return BEHIND;
            }
            return limit == ReadLimit.LOG_END || surroundings.isInTouch() ? outOfRange(fetchOffset, start) : NOT_SURE;
        }
        long upTo = switch (limit) {
            case HIGH_WATERMARK -> committed;
            case LAST_STABLE -> stable;
            case LOG_END -> here.log.logEndOffset();
        };
        boolean isolated = limit == ReadLimit.LAST_STABLE;
        if (fetchOffset >= upTo || maxBytes <= 0 && !atLeastOneBatch) {
            return new PartitionRead.Found(List.of(), 0, committed, stable, start, isolated ? List.of() : null);
        }
        return switch (here.log.read(fetchOffset, upTo, maxBytes, atLeastOneBatch)) {
            case ReadResult.Found found -> {
                List<AbortedTransaction> aborted = null;
                if (isolated) {
                    aborted = found.bytes() == 0
                            ? List.of()
                            : here.log.abortedTransactions(fetchOffset, found.upToOffset());
                }
                yield new PartitionRead.Found(
                        found.slices(), found.bytes(), committed, stable, found.logStartOffset(), aborted);
            }
            case ReadResult.Refused refused -> new PartitionRead.Refused(orAgain(refused.failure(), now));
        };
    }

    /** A reader who met damage that others can mend tries again; who is told of it may give up. */
    private Failure orAgain(Failure failure, Role asked) {
        boolean isLookedAfter = here.examined || !here.role.equals(asked);
        return failure.error() == Errors.CORRUPT_MESSAGE && isLookedAfter ? DAMAGED : failure;
    }

    private PartitionRead outOfRange(long fetchOffset, long logStart) {
        return new PartitionRead.Refused(Failure.of(
                Errors.OFFSET_OUT_OF_RANGE,
                "Expected an offset of " + here.name + " from " + logStart + " to " + here.log.logEndOffset()
                        + ", but got " + fetchOffset));
    }

    /** As {@link Partition#endOffsetOf}. */
    FoundEpoch endOffsetOf(int currentLeaderEpoch, int epoch) {
        Failure refusal = refusal(currentLeaderEpoch);
        return refusal != null
                ? new FoundEpoch.Refused(refusal)
                : new FoundEpoch.Found(here.log.endOffsetOf(new LeaderEpoch(epoch)));
    }
}
