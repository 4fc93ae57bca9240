package io.ottla.coordinator;

import io.ottla.record.CheckedBatches;
import io.ottla.record.Codec;
import io.ottla.record.EndTransactionMarker;
import io.ottla.record.OwnBatch;
import io.ottla.record.RecordBatch;
import io.ottla.record.RecordBatchBuilder;
import io.ottla.replication.AckWaiter;
import io.ottla.storage.AppendOrigin;
import io.ottla.time.Timer;
import io.ottla.types.ProducerIdAndEpoch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records of one append, and who waits until they are stored: until the high watermark has passed them, and as many replicas
 * are in sync as {@code min.insync.replicas} wants. Before that they may be lost with fewer, so that nobody is told that they
 * are stored; they stay in the state, since they are in the log. Readers are content with the high watermark.
 * Filled on the shard's executor; ends on the thread that moves the high watermark, or a timer's.
 */
final class CommitBatch extends AckWaiter {
    private static final Logger LOG = LoggerFactory.getLogger(CommitBatch.class);

    private final RecordBatchBuilder builder;
    private final Set<String> subjects = new HashSet<>();
    private final long firstOffset;
    /** Null where it is of none. */
    private final ShardTransaction transaction;

    private long maxTimestamp;
    private List<Effects<?>> waiting = new ArrayList<>();
    /** How it ended; null while it is not known to be stored. */
    private Errors outcome;

    /** The high watermark has passed it, with too few in sync. */
    private boolean passed;

    private boolean late;
    /** Has it looked again whether it is stored. */
    private Runnable lookAgain = () -> {};

    private Timer.Timeout timeout;

    /**
     * @param firstOffset that the first record gets
     * @param transaction that it is of; null for none
     */
    CommitBatch(long firstOffset, Codec codec, ShardTransaction transaction) {
        this.firstOffset = firstOffset;
        this.transaction = transaction;
        this.builder = new RecordBatchBuilder(codec);
        if (transaction != null) {
            ProducerIdAndEpoch producer = transaction.producer();
            builder.producer(producer.id(), producer.epoch(), isMarker() ? RecordBatch.NO_SEQUENCE : 0)
                    .transactional();
        }
    }

    /** The marker of its transaction, alone in it. */
    void append(long timestampMs, EndTransactionMarker marker) {
        builder.control().append(timestampMs, marker.key(), marker.value());
        maxTimestamp = timestampMs;
    }

    AppendOrigin origin() {
        return transaction == null ? AppendOrigin.COORDINATOR : transaction.origin();
    }

    /** Whether it ends a transaction. */
    boolean isMarker() {
        return transaction != null && transaction.origin() instanceof AppendOrigin.Coordinator;
    }

    boolean isOf(ShardTransaction other) {
        return Objects.equals(transaction, other);
    }

    /** It is not written, for this reason, and whoever waits is told so when all before it is committed. */
    synchronized void refuseWhenCommitted(Errors error) {
        waiting.forEach(effects -> effects.refuseWhenCommitted(error));
    }

    /** @param again has {@link #ended} called again a while later */
    void whereTooFew(Runnable again) {
        lookAgain = again;
    }

    void append(long timestampMs, ByteBuffer key, ByteBuffer value, String subject) {
        builder.append(timestampMs, key, value);
        subjects.add(subject);
        maxTimestamp = timestampMs;
    }

    /** Bytes so far. */
    int sizeInBytes() {
        return builder.sizeInBytes();
    }

    boolean isEmpty() {
        return builder.recordCount() == 0;
    }

    /** The offset that the next record gets. */
    long nextOffset() {
        return firstOffset + builder.recordCount();
    }

    /** Ids of those whose state the records are. */
    Set<String> subjects() {
        return subjects;
    }

    CheckedBatches build() {
        int count = builder.recordCount();
        return new OwnBatch(builder.build(), count, maxTimestamp);
    }

    /** Answers when the batch is stored, or passed where that is enough, or now. */
    void whenCommitted(Effects<?> effects) {
        Errors how;
        synchronized (this) {
            if (outcome != null) {
                how = outcome;
            } else if (passed && effects.isRead()) {
                how = Errors.NONE;
            } else if (late) {
                how = Errors.COORDINATOR_NOT_AVAILABLE;
            } else {
                waiting.add(effects);
                return;
            }
        }
        settle(effects, how);
    }

    /** Whether nobody has to wait for it any more. */
    synchronized boolean isOver() {
        return outcome != null;
    }

    /** Notes what ends the wait of those who wait. */
    void limit(Timer.Timeout timer) {
        boolean over;
        synchronized (this) {
            timeout = timer;
            over = outcome != null;
        }
        if (over) {
            timer.cancel();
        }
    }

    /** The time is up: who waits is refused. The records may be committed yet. */
    void expire() {
        List<Effects<?>> refused;
        synchronized (this) {
            if (outcome != null) {
                return;
            }
            late = true;
            refused = waiting;
            waiting = new ArrayList<>();
        }
        settle(refused, Errors.COORDINATOR_NOT_AVAILABLE);
    }

    @Override
    protected void ended(Errors how) {
        if (how == Errors.NOT_ENOUGH_REPLICAS_AFTER_APPEND) {
            passed();
        } else {
            end(StoreErrors.toClients(how));
        }
    }

    private void passed() {
        List<Effects<?>> reads = new ArrayList<>();
        synchronized (this) {
            if (outcome != null) {
                return;
            }
            passed = true;
            waiting.removeIf(effects -> effects.isRead() && reads.add(effects));
        }
        settle(reads, Errors.NONE);
        lookAgain.run();
    }

    /** Ends all waits. */
    void end(Errors how) {
        List<Effects<?>> told;
        Timer.Timeout timer;
        synchronized (this) {
            if (outcome != null) {
                return;
            }
            outcome = how;
            told = waiting;
            waiting = List.of();
            timer = timeout;
        }
        if (timer != null) {
            timer.cancel();
        }
        settle(told, how);
    }

    private static void settle(List<Effects<?>> all, Errors how) {
        for (Effects<?> effects : all) {
            settle(effects, how);
        }
    }

    /** Gives answers, or refuses them. Whoever breaks on it hinders no other. */
    static void settle(Effects<?> effects, Errors how) {
        try {
            effects.settle(how);
        } catch (RuntimeException e) {
            LOG.error("An answer of a coordinator broke", e);
        }
    }
}
