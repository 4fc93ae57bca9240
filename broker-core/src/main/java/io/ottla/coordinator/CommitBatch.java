package io.ottla.coordinator;

import io.ottla.record.CheckedBatches;
import io.ottla.record.Codec;
import io.ottla.record.RecordBatchBuilder;
import io.ottla.replication.AckWaiter;
import io.ottla.time.Timer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records of one append, and who waits until the high watermark has passed them. Filled on the shard's executor; ends
 * on the thread that moves the high watermark.
 */
final class CommitBatch extends AckWaiter {
    /** What the log is given. */
    private record OwnBatch(ByteBuffer buffer, int recordCount, long maxTimestamp) implements CheckedBatches {}

    private static final Logger LOG = LoggerFactory.getLogger(CommitBatch.class);

    private final RecordBatchBuilder builder;
    private final Set<String> subjects = new HashSet<>();
    private final long firstOffset;
    private long maxTimestamp;
    private List<Effects<?>> waiting = new ArrayList<>();
    /** How it ended; null while the high watermark is awaited. */
    private Errors outcome;

    private boolean late;
    private Timer.Timeout timeout;

    /** @param firstOffset that the first record gets */
    CommitBatch(long firstOffset, Codec codec) {
        this.firstOffset = firstOffset;
        this.builder = new RecordBatchBuilder(codec);
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

    /** Answers when the batch is committed, or now. */
    void whenCommitted(Effects<?> effects) {
        Errors how;
        synchronized (this) {
            if (outcome == null && !late) {
                waiting.add(effects);
                return;
            }
            how = outcome == null ? Errors.COORDINATOR_NOT_AVAILABLE : outcome;
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
        end(StoreErrors.toClients(how));
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
            if (how == Errors.NONE) {
                effects.give();
            } else {
                effects.refuse(how);
            }
        } catch (RuntimeException e) {
            LOG.error("An answer of a coordinator broke", e);
        }
    }
}
