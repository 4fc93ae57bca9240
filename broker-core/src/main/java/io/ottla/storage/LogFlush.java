package io.ottla.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Brings a log to disk and moves its recovery point. In the active segment only batches are forced: recovery reads that
 * segment from its beginning and learns the rest from them. Before the recovery point enters a segment, all of the
 * earlier ones is forced: batches, indexes, epochs and the producers' snapshot.
 */
final class LogFlush implements GroupCommit.Member {
    private final LogState log;
    private final PartitionLog face;
    private final AtomicBoolean epochsQueued = new AtomicBoolean();
    private boolean parentIsSynced;

    /** @param face the log as its listener knows it */
    LogFlush(LogState log, PartitionLog face) {
        this.log = log;
        this.face = face;
    }

    /** Asks for a flush where {@code flush.messages} says so. Under the write lock. */
    void appended(int bytes) {
        long messages = log.properties.flushMessages();
        if (messages != Long.MAX_VALUE && log.end.offset() - log.recoveryPoint >= messages) {
            log.folder.commits().request(this, bytes, null);
        }
    }

    /**
     * From where on recovery has to look. Where the log has just gone on in a new segment and the one before is not yet
     * sealed, that is the last offset of that one, so that it is looked at too.
     */
    long checkpoint() {
        long point = log.recoveryPoint;
        LogSegment[] segments = log.segments;
        int at = LogState.floor(segments, point);
        boolean unsealed = at > 0 && segments[at].baseOffset() == point && !segments[at - 1].isSealed();
        return unsealed ? point - 1 : point;
    }

    CompletionStage<Long> request() {
        CompletableFuture<Long> waiter = new CompletableFuture<>();
        log.folder.commits().request(this, 0, waiter);
        return waiter.thenApply(reached -> reached == null ? Long.valueOf(log.recoveryPoint) : reached);
    }

    /** Up to where an acknowledgement may go, by {@code flush.messages}. */
    long acknowledgeable() {
        long messages = log.properties.flushMessages();
        long end = log.end.offset();
        return messages == Long.MAX_VALUE ? end : Math.min(end, log.recoveryPoint + messages - 1);
    }

    @Override
    public Long commit() {
        if (!log.isUsable()) {
            return null;
        }
        try {
            long before = acknowledgeable();
            long reached = flush();
            if (acknowledgeable() > before) {
                log.listener.onAcknowledgeable(face);
            }
            return reached;
        } catch (IOException e) {
            log.failed("A flush", e);
            return null;
        }
    }

    /** Forces all that is appended now; returns up to which offset. Blocks. */
    long flush() throws IOException {
        log.flushLock.lock();
        try {
            LogEnd end = log.end;
            if (log.recoveryPoint < end.offset()) {
                long began = log.folder.clock().monotonicNs();
                sealBefore(end.segment().baseOffset());
                end.segment().force();
                log.folder.flushTimes().record(log.folder.clock().monotonicNs() - began);
                log.recoveryPoint = end.offset();
            }
            log.lastFlushMs = log.folder.clock().monotonicMs();
            return log.recoveryPoint;
        } finally {
            log.flushLock.unlock();
        }
    }

    /**
     * Brings all segments before the active one to disk, and has it be known on disk that they are: so that offsets that
     * compaction takes out of them are never taken for a loss. What was appended to the active one before is on disk too.
     * Blocks.
     *
     * @return where the active segment begins
     */
    long settle() throws IOException {
        log.flushLock.lock();
        try {
            LogSegment active = log.end.segment();
            sealBefore(active.baseOffset());
            active.accompany();
            active.force();
            log.recoveryPoint = Math.max(log.recoveryPoint, active.baseOffset());
            return active.baseOffset();
        } finally {
            log.flushLock.unlock();
        }
    }

    /**
     * Seals the segments that begin below the offset, from the one that holds the last offset that is on disk. The one
     * behind them stands {@linkplain LogSegment#isAlone() alone} no more.
     */
    private void sealBefore(long offset) throws IOException {
        if (!parentIsSynced) {
            log.disk.syncFolder(log.folder.path());
            parentIsSynced = true;
        }
        LogSegment[] segments = log.segments;
        boolean sealed = false;
        int i = LogState.floor(segments, log.recoveryPoint - 1);
        for (; i < segments.length && segments[i].baseOffset() < offset; i++) {
            if (!segments[i].isSealed()) {
                segments[i].seal();
                sealed = true;
            }
        }
        if (i > 0 && i < segments.length) {
            segments[i].accompany();
        }
        if (sealed) {
            log.epochs.write();
        }
    }

    /** After a roll: the rest of it, in the background. Under the write lock. */
    void rolled(long baseOffset, ByteBuffer snapshot, int truncations) {
        log.folder.background().execute(() -> settleRoll(baseOffset, snapshot, truncations));
    }

    private void settleRoll(long baseOffset, ByteBuffer snapshot, int truncations) {
        log.flushLock.lock();
        try {
            if (!log.isUsable() || truncations != log.truncations) {
                return;
            }
            long began = log.folder.clock().monotonicNs();
            sealBefore(baseOffset);
            log.folder.flushTimes().record(log.folder.clock().monotonicNs() - began);
            log.snapshots.write(baseOffset, snapshot);
            log.recoveryPoint = Math.max(log.recoveryPoint, Math.min(baseOffset, log.end.offset()));
        } catch (IOException e) {
            log.failed("Closing a segment", e);
        } finally {
            log.flushLock.unlock();
        }
    }

    /** Has the epochs' file written in the background. Cheap. */
    void writeEpochsSoon() {
        if (epochsQueued.compareAndSet(false, true)) {
            try {
                log.folder.background().execute(this::writeEpochs);
            } catch (RejectedExecutionException closing) {
                epochsQueued.set(false);
            }
        }
    }

    private void writeEpochs() {
        epochsQueued.set(false);
        if (!log.isUsable()) {
            return;
        }
        try {
            log.epochs.write();
        } catch (IOException e) {
            log.failed("Writing leader epochs", e);
        }
    }

    /** Brings everything to disk, the active segment too: nothing follows. Blocks. */
    void finish() throws IOException {
        log.flushLock.lock();
        try {
            ByteBuffer snapshot;
            LogEnd end;
            log.writeLock.lock();
            try {
                log.closed = true;
                log.active().finish();
                snapshot = ProducerSnapshot.encode(log.producers);
                end = log.end;
            } finally {
                log.writeLock.unlock();
            }
            sealBefore(Long.MAX_VALUE);
            if (!log.snapshots.has(end.offset())) {
                log.snapshots.write(end.offset(), snapshot);
            }
            log.epochs.write();
            log.recoveryPoint = end.offset();
        } finally {
            log.flushLock.unlock();
        }
    }
}
