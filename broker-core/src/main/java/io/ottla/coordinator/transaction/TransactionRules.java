package io.ottla.coordinator.transaction;

import io.ottla.storage.AppendOrigin;
import io.ottla.types.ProducerIdAndEpoch;
import io.ottla.types.TopicPartition;
import java.util.Collection;
import org.apache.kafka.common.protocol.Errors;

/**
 * What requests do to a transactional id. Pure. Sources: KIP-98 (transactions), KIP-360 (a producer that asks for a new
 * epoch), KIP-890 (each transaction has an epoch of its own, so that nothing late can reach the next one).
 */
final class TransactionRules {
    /** There is no id at hand. */
    static final long NO_ID = -1;

    private TransactionRules() {}

    /**
     * A producer comes, or comes again.
     *
     * @param present null where nobody has had the transactional id
     * @param known what the producer says of itself; {@link ProducerIdAndEpoch#NONE} where it is new
     * @param freshId that nobody has had; {@link #NO_ID} where none is at hand yet
     */
    static Decision init(
            TransactionMetadata present, ProducerIdAndEpoch known, int timeoutMs, long freshId, long nowMs) {
        if (present == null) {
            return freshId == NO_ID
                    ? new Decision.NeedsId()
                    : new Decision.Changed(
                            TransactionMetadata.of(new ProducerIdAndEpoch(freshId, (short) 0), timeoutMs, nowMs));
        }
        boolean isNew = known.equals(ProducerIdAndEpoch.NONE);
        if (!isNew && !isOf(present, known)) {
            return new Decision.Refused(Errors.PRODUCER_FENCED);
        }
        if (present.state().isPrepared()) {
            return new Decision.Refused(Errors.CONCURRENT_TRANSACTIONS);
        }
        if (present.state() == TransactionState.ONGOING) {
            return isNew || known.equals(present.producer())
                    ? new Decision.Fenced(present.fenced(nowMs))
                    : new Decision.Refused(Errors.PRODUCER_FENCED);
        }
        return succeed(present, known, isNew, timeoutMs, freshId, nowMs);
    }

    private static Decision succeed(
            TransactionMetadata present,
            ProducerIdAndEpoch known,
            boolean isNew,
            int timeoutMs,
            long freshId,
            long nowMs) {
        ProducerIdAndEpoch now = present.producer();
        if (!isNew && isSecondTry(present, known)) {
            return new Decision.Unchanged(present);
        }
        if (!isNew && !known.equals(now)) {
            return new Decision.Refused(Errors.PRODUCER_FENCED);
        }
        int last = isNew ? TransactionMetadata.NONE : now.epoch();
        if (!now.isExhausted()) {
            return new Decision.Changed(present.handedTo(now.next(), last, timeoutMs, nowMs));
        }
        return freshId == NO_ID
                ? new Decision.NeedsId()
                : new Decision.Changed(
                        present.handedTo(new ProducerIdAndEpoch(freshId, (short) 0), last, timeoutMs, nowMs));
    }

    /** Whether a producer is one that had the transactional id last, or has it. */
    private static boolean isOf(TransactionMetadata present, ProducerIdAndEpoch known) {
        return known.id() == present.producer().id() || known.id() == present.previousId() && known.isExhausted();
    }

    /** Its first try was answered, which it has not heard; nobody else has come meanwhile, since that forgets the last epoch. */
    private static boolean isSecondTry(TransactionMetadata present, ProducerIdAndEpoch known) {
        boolean isLastEpoch = present.lastEpoch() >= 0 && known.epoch() == present.lastEpoch();
        boolean raised = known.id() == present.producer().id()
                && known.epoch() != present.producer().epoch();
        boolean replaced =
                known.id() == present.previousId() && present.producer().epoch() == 0;
        return isLastEpoch && (raised || replaced);
    }

    /**
     * Partitions are to belong to the transaction.
     *
     * @param present null where there is none
     */
    static Decision add(
            TransactionMetadata present,
            ProducerIdAndEpoch by,
            Collection<TopicPartition> partitions,
            int version,
            long nowMs) {
        Errors refusal = refusal(present, by);
        if (refusal != Errors.NONE) {
            return new Decision.Refused(refusal);
        }
        if (present.state().isPrepared()) {
            return new Decision.Refused(Errors.CONCURRENT_TRANSACTIONS);
        }
        return present.state() == TransactionState.ONGOING
                        && present.partitions().containsAll(partitions)
                ? new Decision.Unchanged(present)
                : new Decision.Changed(present.with(partitions, version, nowMs));
    }

    /** Whether a partition belongs to the producer's transaction, and if not why. */
    static Errors verify(TransactionMetadata present, ProducerIdAndEpoch by, TopicPartition partition) {
        Errors refusal = refusal(present, by);
        if (refusal != Errors.NONE) {
            return refusal;
        }
        if (present.state().isPrepared()) {
            return Errors.CONCURRENT_TRANSACTIONS;
        }
        return present.state() == TransactionState.ONGOING
                        && present.partitions().contains(partition)
                ? Errors.NONE
                : Errors.TRANSACTION_ABORTABLE;
    }

    private static Errors refusal(TransactionMetadata present, ProducerIdAndEpoch by) {
        if (present == null || present.producer().id() != by.id()) {
            return Errors.INVALID_PRODUCER_ID_MAPPING;
        }
        return present.producer().epoch() == by.epoch() ? Errors.NONE : Errors.PRODUCER_FENCED;
    }

    /**
     * The producer ends its transaction.
     *
     * @param present null where there is none
     * @param version of transactions by which it asks
     * @param freshId as in {@link #init}
     */
    static Decision end(
            TransactionMetadata present,
            ProducerIdAndEpoch by,
            boolean commits,
            int version,
            long freshId,
            long nowMs) {
        if (present == null) {
            return new Decision.Refused(Errors.INVALID_PRODUCER_ID_MAPPING);
        }
        if (version >= AppendOrigin.Coordinator.WITH_EPOCHS && isEndedBy(present, by)) {
            // Who has aborted does not commit then: the coordinator has, since it took too long.
            return commits && isAborted(present)
                    ? new Decision.Refused(Errors.PRODUCER_FENCED)
                    : secondEnd(present, commits);
        }
        Errors refusal = refusal(present, by);
        if (refusal != Errors.NONE) {
            return new Decision.Refused(refusal);
        }
        if (version >= AppendOrigin.Coordinator.WITH_EPOCHS) {
            return endWithEpoch(present, commits, version, freshId, nowMs);
        }
        return present.state() == TransactionState.ONGOING
                ? new Decision.Changed(present.ending(commits, version, nowMs))
                : secondEnd(present, commits);
    }

    /** Whether a transaction of that producer has just been ended with an epoch of its own. */
    private static boolean isEndedBy(TransactionMetadata present, ProducerIdAndEpoch by) {
        if (present.version() < AppendOrigin.Coordinator.WITH_EPOCHS || present.state() == TransactionState.ONGOING) {
            return false;
        }
        ProducerIdAndEpoch now = present.producer();
        boolean raised = by.id() == now.id() && by.epoch() == now.epoch() - 1;
        boolean replaced = by.id() == present.previousId() && by.isExhausted() && now.epoch() == 0;
        return present.state() != TransactionState.EMPTY && (raised || replaced);
    }

    private static boolean isAborted(TransactionMetadata present) {
        return present.state() == TransactionState.PREPARE_ABORT || present.state() == TransactionState.COMPLETE_ABORT;
    }

    /** It asks once more for an end that is decided. */
    private static Decision secondEnd(TransactionMetadata present, boolean commits) {
        return switch (present.state()) {
            case COMPLETE_COMMIT -> commits ? new Decision.Unchanged(present) : invalid();
            case COMPLETE_ABORT -> commits ? invalid() : new Decision.Unchanged(present);
            case PREPARE_COMMIT -> commits ? concurrent() : invalid();
            case PREPARE_ABORT -> commits ? invalid() : concurrent();
            case EMPTY, ONGOING, DEAD, PREPARE_EPOCH_FENCE -> invalid();
        };
    }

    private static Decision invalid() {
        return new Decision.Refused(Errors.INVALID_TXN_STATE);
    }

    private static Decision concurrent() {
        return new Decision.Refused(Errors.CONCURRENT_TRANSACTIONS);
    }

    /** One without partitions may be aborted too, so that what the producer has sent under its epoch comes too late. */
    private static Decision endWithEpoch(
            TransactionMetadata present, boolean commits, int version, long freshId, long nowMs) {
        if (present.state().isPrepared()) {
            return concurrent();
        }
        if (present.state() != TransactionState.ONGOING && commits) {
            return invalid();
        }
        boolean exhausted = present.producer().isExhausted();
        if (exhausted && freshId == NO_ID) {
            return new Decision.NeedsId();
        }
        TransactionMetadata from = present.state() == TransactionState.ONGOING ? present : present.without(nowMs);
        return new Decision.Changed(
                from.endingWithEpoch(commits, exhausted ? freshId : TransactionMetadata.NONE, version, nowMs));
    }
}
