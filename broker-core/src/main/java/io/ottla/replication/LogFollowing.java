package io.ottla.replication;

import io.ottla.record.RecordBatches;
import io.ottla.storage.AppendResult;
import io.ottla.storage.EpochEnd;
import io.ottla.storage.PartitionLog;
import io.ottla.types.Failure;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of a partition that follows a leader: takes over what was fetched, and cuts what the leader does not have. Nothing
 * happens where the partition does not follow in the role any more for which it was asked. Thread-safe.
 */
final class LogFollowing {
    private static final Logger LOG = LoggerFactory.getLogger(LogFollowing.class);

    /** How it went. */
    sealed interface Outcome {
        /** @param bytes appended */
        record Followed(int bytes) implements Outcome {}

        /** Another role by now, or the log has another end than what was fetched for: nothing was done. */
        record Late() implements Outcome {}

        /** The first batch begins before the end of a log that is empty: the leader's start lies within a batch. */
        record WithinBatch(long firstOffset) implements Outcome {}

        /** Nothing was appended. */
        record Refused(Failure failure) implements Outcome {}
    }

    private static final Outcome LATE = new Outcome.Late();
    private static final Outcome NOTHING = new Outcome.Followed(0);

    private final PartitionState here;
    private final RoleChanges roles;

    LogFollowing(PartitionState here, RoleChanges roles) {
        this.here = here;
        this.roles = roles;
    }

    /** From where to fetch in that role; null where it is not the role, or the log is being cut. */
    FollowerPosition position(Role.Following role) {
        here.lock.lock();
        try {
            if (!isAt(role)) {
                return null;
            }
            PartitionLog log = here.log;
            long end = log.logEndOffset();
            return new FollowerPosition(end, log.epochAt(end - 1).value(), log.logStartOffset());
        } finally {
            here.lock.unlock();
        }
    }

    private boolean isAt(Role.Following role) {
        return role.equals(here.role) && here.cutting == null;
    }

    /**
     * Takes over what a leader answered. Checks it before anything is written; what is written is what came.
     *
     * @param fetchedFrom the log end for which it was fetched
     * @param records whole batches, and perhaps a part of one behind them, from position to limit; may be empty
     * @param highWatermark the leader's
     * @param logStart the leader's
     */
    Outcome follow(Role.Following role, long fetchedFrom, ByteBuffer records, long highWatermark, long logStart) {
        Failure damage = records.hasRemaining() ? check(records) : null;
        if (damage != null) {
            return new Outcome.Refused(damage);
        }
        Outcome outcome;
        boolean news;
        here.lock.lock();
        try {
            if (!isAt(role) || here.log.logEndOffset() != fetchedFrom) {
                return LATE;
            }
            outcome = records.hasRemaining() ? append(records, fetchedFrom) : NOTHING;
            news = outcome instanceof Outcome.Followed && advance(highWatermark, logStart);
            here.lag = Math.max(0, highWatermark - here.log.logEndOffset());
        } finally {
            here.lock.unlock();
        }
        if (news) {
            here.watchers.tell();
        }
        return outcome;
    }

    /**
     * Looks at all batches, each with its checksum, and leaves out of the buffer what follows the last good one: a part of one
     * more, or one that is damaged, which is asked for again.
     */
    private Failure check(ByteBuffer records) {
        RecordBatches batches = new RecordBatches().over(records);
        RecordBatches.Step step = batches.next();
        while (step == RecordBatches.Step.BATCH) {
            if (!batches.isIntact() && batches.start() > records.position()) {
                records.limit(batches.start());
                return null;
            }
            if (!batches.isIntact()) {
                return Failure.of(
                        Errors.CORRUPT_MESSAGE,
                        "Expected an intact batch of " + here.name + " at offset " + batches.baseOffset()
                                + ", but its checksum does not fit");
            }
            step = batches.next();
        }
        if (step == RecordBatches.Step.CORRUPT || batches.position() == records.position()) {
            return Failure.of(
                    Errors.CORRUPT_MESSAGE,
                    "Expected whole batches of " + here.name + ", but found something else at byte "
                            + (batches.position() - records.position()) + " of " + records.remaining());
        }
        records.limit(batches.position());
        return null;
    }

    private Outcome append(ByteBuffer records, long end) {
        RecordBatches first = new RecordBatches().over(records);
        first.next();
        if (!first.isLegacy()
                && first.baseOffset() < end
                && first.lastOffset() >= end
                && here.log.logStartOffset() == end) {
            return new Outcome.WithinBatch(first.baseOffset());
        }
        return switch (here.log.appendAsFollower(records)) {
            case AppendResult.Appended appended -> {
                here.appended(appended.bytes());
                yield new Outcome.Followed(appended.bytes());
            }
            case AppendResult.Duplicate _ -> LATE;
            case AppendResult.Refused(Failure failure) -> new Outcome.Refused(failure);
        };
    }

    /** Never beyond what is here, and never back. */
    private boolean advance(long highWatermark, long logStart) {
        boolean news = false;
        long committed = Math.min(highWatermark, here.log.logEndOffset());
        if (committed > here.highWatermark) {
            here.highWatermark = committed;
            here.log.advanceHighWatermark(committed);
            news = true;
        }
        if (logStart > here.log.logStartOffset()) {
            news |= here.log.advanceLogStart(logStart);
        }
        return news;
    }

    /**
     * Cuts what the leader does not have.
     *
     * @param leaders as the leader answered: where its log parts from ours
     * @return done when the log is cut, or nothing was to do
     */
    CompletionStage<Void> reconcile(Role.Following role, EpochEnd leaders) {
        return cut(role, log -> {
            long to = Reconciliation.cutTo(leaders, log::endOffsetOf, log.logEndOffset());
            if (to < here.highWatermark) {
                LOG.warn(
                        "Cutting {} to {}, below its high watermark {}: the leader of epoch {} does not have these records",
                        here.name,
                        to,
                        here.highWatermark,
                        role.epoch());
            }
            return log.truncateTo(to);
        });
    }

    /** Cuts a log that has no epochs to what is known to be committed. */
    CompletionStage<Void> cutToHighWatermark(Role.Following role) {
        return cut(role, log -> log.truncateTo(here.highWatermark));
    }

    /** Drops everything and goes on at the leader's start. */
    CompletionStage<Void> startAt(Role.Following role, long offset) {
        return cut(role, log -> log.truncateFullyAndStartAt(offset));
    }

    private CompletionStage<Void> begin(Cut how) {
        try {
            return how.of(here.log);
        } catch (RejectedExecutionException full) {
            return CompletableFuture.failedStage(full);
        }
    }

    private interface Cut {
        CompletionStage<Void> of(PartitionLog log);
    }

    private CompletionStage<Void> cut(Role.Following role, Cut how) {
        CompletionStage<Void> done;
        here.lock.lock();
        try {
            if (!isAt(role)) {
                return CompletableFuture.completedStage(null);
            }
            here.cutBegins();
            done = begin(how);
        } finally {
            here.lock.unlock();
        }
        return done.handle((_, failure) -> {
            if (failure != null) {
                LOG.error("Cutting {} failed", here.name, failure);
            }
            roles.cutEnded();
            return null;
        });
    }
}
