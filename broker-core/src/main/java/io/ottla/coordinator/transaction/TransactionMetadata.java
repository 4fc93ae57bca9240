package io.ottla.coordinator.transaction;

import io.ottla.types.ProducerIdAndEpoch;
import io.ottla.types.TopicPartition;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A transactional id as it stands. Immutable.
 *
 * @param producer who may write; while an end is {@linkplain TransactionState#isPrepared prepared}, who the markers are of
 * @param previousId the producer's id before it was replaced for its epochs were used up; -1 for none
 * @param nextId the id that the producer has once its transaction is ended, because its epochs are used up; -1 for none
 * @param lastEpoch the epoch that a producer had which asked for the present one, so that it may ask twice; -1 for none. Not
 *     stored
 * @param timeoutMs how long a transaction may be open
 * @param partitions of the transaction
 * @param startMs when the transaction began; -1 for none
 * @param updatedMs when this was written
 * @param version of transactions that the client speaks: 2 where each has an epoch of its own (KIP-890)
 */
public record TransactionMetadata(
        ProducerIdAndEpoch producer,
        long previousId,
        long nextId,
        short lastEpoch,
        int timeoutMs,
        TransactionState state,
        SortedSet<TopicPartition> partitions,
        long startMs,
        long updatedMs,
        int version) {
    static final int NONE = -1;

    public TransactionMetadata {
        partitions = Collections.unmodifiableSortedSet(partitions);
    }

    /** Of a producer that has done nothing yet. */
    static TransactionMetadata of(ProducerIdAndEpoch producer, int timeoutMs, long nowMs) {
        return new TransactionMetadata(
                producer, NONE, NONE, (short) NONE, timeoutMs, TransactionState.EMPTY, new TreeSet<>(), NONE, nowMs, 0);
    }

    /** Another producer comes into its place, and nothing is under way. */
    TransactionMetadata handedTo(ProducerIdAndEpoch next, int lastEpochKnown, int timeout, long nowMs) {
        return new TransactionMetadata(
                next,
                next.id() == producer.id() ? previousId : producer.id(),
                NONE,
                (short) lastEpochKnown,
                timeout,
                TransactionState.EMPTY,
                new TreeSet<>(),
                NONE,
                nowMs,
                version);
    }

    /** The transaction has these partitions too; it begins where none was under way. */
    TransactionMetadata with(Collection<TopicPartition> more, int clientVersion, long nowMs) {
        TreeSet<TopicPartition> all = new TreeSet<>(partitions);
        all.addAll(more);
        return new TransactionMetadata(
                producer,
                previousId,
                NONE,
                lastEpoch,
                timeoutMs,
                TransactionState.ONGOING,
                all,
                state == TransactionState.ONGOING ? startMs : nowMs,
                nowMs,
                clientVersion);
    }

    /** The same at rest, with a transaction that has nothing and begins now. */
    TransactionMetadata without(long nowMs) {
        return new TransactionMetadata(
                producer, previousId, NONE, lastEpoch, timeoutMs, state, new TreeSet<>(), nowMs, nowMs, version);
    }

    /** The producer has decided how its transaction ends, and keeps its epoch. */
    TransactionMetadata ending(boolean commits, int clientVersion, long nowMs) {
        return ending(commits, producer, NONE, lastEpoch, clientVersion, nowMs);
    }

    /**
     * The producer has decided how its transaction ends, and has another epoch afterwards.
     *
     * @param next its id afterwards; -1 where it keeps its own
     */
    TransactionMetadata endingWithEpoch(boolean commits, long next, int clientVersion, long nowMs) {
        return ending(commits, producer.next(), next, producer.epoch(), clientVersion, nowMs);
    }

    /** The coordinator has decided that the transaction ends; whoever is the producer is so no more. */
    TransactionMetadata fenced(long nowMs) {
        return ending(false, producer.next(), NONE, (short) NONE, version, nowMs);
    }

    private TransactionMetadata ending(
            boolean commits, ProducerIdAndEpoch by, long next, short last, int clientVersion, long nowMs) {
        return new TransactionMetadata(
                by,
                previousId,
                next,
                last,
                timeoutMs,
                commits ? TransactionState.PREPARE_COMMIT : TransactionState.PREPARE_ABORT,
                partitions,
                startMs < 0 ? nowMs : startMs,
                nowMs,
                clientVersion);
    }

    /** All partitions know how it ended. */
    TransactionMetadata ended(long nowMs) {
        return new TransactionMetadata(
                producerAfterwards(),
                nextId == NONE ? previousId : producer.id(),
                NONE,
                lastEpoch,
                timeoutMs,
                state == TransactionState.PREPARE_COMMIT
                        ? TransactionState.COMPLETE_COMMIT
                        : TransactionState.COMPLETE_ABORT,
                new TreeSet<>(),
                startMs,
                nowMs,
                version);
    }

    /** Who writes the next transaction. */
    ProducerIdAndEpoch producerAfterwards() {
        return nextId == NONE ? producer : new ProducerIdAndEpoch(nextId, (short) 0);
    }

    /** When it has been open for too long, on the wall clock; never where it is not open. */
    boolean isTimedOut(long nowMs) {
        return state == TransactionState.ONGOING && nowMs - startMs > timeoutMs;
    }
}
