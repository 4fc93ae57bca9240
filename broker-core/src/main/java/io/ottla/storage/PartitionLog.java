package io.ottla.storage;

import io.ottla.config.TopicProperties;
import io.ottla.record.CheckedBatches;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/**
 * One replica's log: an ordered sequence of record batches in segments (DESIGN §3, row 9). Reads are safe from any
 * thread; writes ({@code append…}, {@code truncate…}, {@code advance…}) come under the partition's lock. No method
 * throws for a failing disk: the folder goes offline, its listener is told, and calls answer
 * {@code KAFKA_STORAGE_ERROR} values from then on.
 */
public interface PartitionLog {
    TopicPartition topicPartition();

    /** {@link TopicId#ZERO} until known. */
    TopicId topicId();

    /** The folder that this log's own folder lies in. */
    LogFolder folder();

    /** The first offset that may be read. */
    long logStartOffset();

    /** The offset that the next record gets. */
    long logEndOffset();

    /**
     * Up to where (exclusive) this replica counts as holding its records: the log end, or as much of it as the topic's
     * {@code flush.messages} lets be acknowledged: never more than that number less one beyond what is on disk.
     */
    long acknowledgeableOffset();

    /**
     * The offset of the first record of a transaction that is neither committed nor aborted, or whose marker is not
     * yet below the high watermark; where there is one.
     */
    OptionalLong firstUnstableOffset();

    /**
     * Whether it was found to end below its high watermark when it was opened: what was committed is missing. Stays as it
     * is until the log is opened again.
     */
    boolean lacksCommitted();

    /**
     * From where on it was found damaged when it was opened: behind a batch that is not as it was written there are good ones.
     * Stays as it is until the log is opened again.
     */
    OptionalLong foundDamaged();

    /** Epoch of the last batch; {@link LeaderEpoch#NONE} in an empty log. */
    LeaderEpoch latestEpoch();

    /** Bytes in all segments. */
    long sizeBytes();

    TopicProperties properties();

    /** Puts changed topic configuration into force. */
    void reconfigure(TopicProperties properties);

    /**
     * Appends as leader: checks producer state, stamps offsets, leader epoch and, where the topic says so, the time.
     * The buffer is written before this returns and not kept.
     */
    AppendResult appendAsLeader(CheckedBatches batches, LeaderEpoch epoch, AppendOrigin origin);

    /**
     * Whether a producer may write here in its transaction, which has to be known before a {@link #appendAsLeader} of such a
     * batch: its origin is the {@link VerifiedTransaction}.
     *
     * @param hasOwnEpoch whether each of the producer's transactions has an epoch of its own (KIP-890): a marker that comes
     *     meanwhile with this epoch, and with one of its own, is of the one before
     */
    TransactionStanding transaction(long producerId, short producerEpoch, boolean hasOwnEpoch);

    /** Appends batches as a leader sent them: offsets and epochs stay. Must begin at the log end. */
    AppendResult appendAsFollower(ByteBuffer batches);

    /**
     * Finds batches to read.
     *
     * @param fromOffset first offset wanted; the batch that holds it is returned whole
     * @param upToOffset no batch that ends past this offset (high watermark, last stable offset or log end)
     * @param maxBytes more than this only where {@code atLeastOneBatch} and the first batch is larger
     * @return slices that hold their segment until released, or why not
     */
    ReadResult read(long fromOffset, long upToOffset, int maxBytes, boolean atLeastOneBatch);

    /**
     * Whether {@link #read} finds its batches without touching the disk: what it would look at was appended lately, or a
     * reader who goes on where one stopped finds it in the page cache. False is to be read on the read pool.
     *
     * @param withAborted whether {@link #abortedTransactions} is asked for too
     */
    boolean isHot(long fromOffset, long upToOffset, int maxBytes, boolean withAborted);

    /** Aborted transactions that a reader of committed records must skip in this range of offsets. */
    List<AbortedTransaction> abortedTransactions(long fromOffset, long upToOffset);

    /**
     * Looks up offsets as ListOffsets asks for them.
     *
     * @param timestamp milliseconds, or one of ListOffsets' negative specials that a log can answer (earliest, max
     *     timestamp, earliest local); reads may touch the disk, so it completes on the read pool
     * @return {@link TimestampOffset#NONE} where no record qualifies; it fails with an {@link
     *     io.ottla.record.OversizedRecord} where a record on the way is larger than the topic allows
     */
    CompletionStage<TimestampOffset> offsetForTimestamp(long timestamp, long upToOffset);

    /** The largest epoch not above the given one and where it ends (KIP-101, KIP-279). */
    EpochEnd endOffsetOf(LeaderEpoch epoch);

    /** The epoch of the record at that offset. */
    LeaderEpoch epochAt(long offset);

    /**
     * Notes that a new leader's epoch begins at the log end. For the next minutes unknown producers have to begin with
     * sequence 0.
     */
    void beginEpoch(LeaderEpoch epoch);

    /**
     * Notes that this replica leads and has refused batches that will be sent again. For the next minute unknown producers
     * have to begin with sequence 0, so that nothing overtakes what was refused.
     */
    void appendsWereRefused();

    /** Tells the log up to where (exclusive) its records are committed. Retention never deletes past it. */
    void advanceHighWatermark(long offset);

    /** As last told, or read from the checkpoint at start. */
    long highWatermark();

    /**
     * Moves the log start to an offset not beyond the high watermark (DeleteRecords; a leader's start).
     *
     * @return false where the offset is out of range
     */
    boolean advanceLogStart(long offset);

    /**
     * Writes the log start down. Completes when no crash can bring back what lies before it; with false where the folder
     * is offline.
     */
    CompletionStage<Boolean> keepLogStart();

    /** Cuts all records at and past the offset. Completes when files are cut, on the folder's pool. */
    CompletionStage<Void> truncateTo(long offset);

    /**
     * Looks at all from the segment of that offset on, with its checksums, for a batch that is not as it was written. Completes
     * on the folder's pool.
     *
     * @return the offset behind the last good batch before the first one that is damaged; empty where nothing is wrong
     */
    CompletionStage<OptionalLong> findDamage(long fromOffset);

    /**
     * Cuts a log where {@link #findDamage} has found it damaged. Completes when files are cut, on the folder's pool; with
     * nothing done where nothing is wrong behind that offset, or something is before it by now.
     */
    CompletionStage<Void> cutDamage(long offset);

    /** Has this log read through before others, where logs are read through at all ({@code log.scrub.interval.ms}). */
    void lookThroughSoon();

    /** Drops everything and goes on at the offset. */
    CompletionStage<Void> truncateFullyAndStartAt(long offset);

    /** Forces everything up to the log end to disk, sharing an fsync with others. Completes with the offset reached. */
    CompletionStage<Long> flush();

    /** What DescribeProducers shows. */
    List<ProducerView> activeProducers();

    /** How many producers are remembered. */
    int producerCount();

    /** Whether a transaction is open for longer than its coordinator would let it be (KIP-664). */
    boolean hasLateTransaction();

    /**
     * Told of what changes without a caller's doing. One listener; set before first use. What recovery found beyond the
     * recovery point, and the topic's flush policy holds back, is flushed now.
     */
    void listen(Listener listener);

    /** Changes that others wait for. Called on the storage pools, outside the partition's lock. */
    interface Listener {
        /** {@link #acknowledgeableOffset()} has advanced because of an fsync. */
        void onAcknowledgeable(PartitionLog log);

        /** {@link #logStartOffset()} has advanced because of retention. */
        void onLogStartMoved(PartitionLog log);

        /**
         * A reader, or compaction, found something else than a batch; it may have met a cut of the log. Called by who reads,
         * on any thread.
         *
         * @param offset from which it read
         */
        void onSuspect(PartitionLog log, long offset);

        /** The folder is offline; this log answers storage errors from now on. */
        void onFailed(PartitionLog log);
    }
}
